package io.github.databrickstelemetry.failure.internal;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads foreign exceptions, whose methods may throw, return null or make a circle. A value that cannot be read counts as
 * absent. Stateless, thread-safe.
 */
final class CauseChain {

    /** Longer chains, and circles, are cut. */
    private static final int MAX_DEPTH = 16;

    private CauseChain() {}

    /** The failure and its causes, outermost first, at most {@value #MAX_DEPTH}. */
    static List<Throwable> of(Throwable failure) {
        List<Throwable> chain = new ArrayList<>(4);
        Throwable next = failure;
        while (next != null && chain.size() < MAX_DEPTH && !containsSame(chain, next)) {
            chain.add(next);
            next = read(next::getCause);
        }
        return chain;
    }

    static @Nullable String message(Throwable failure) {
        return read(failure::getMessage);
    }

    static StackTraceElement[] frames(Throwable failure) {
        StackTraceElement[] frames = read(failure::getStackTrace);
        return frames == null ? new StackTraceElement[0] : frames;
    }

    static @Nullable String sqlState(SQLException failure) {
        return read(failure::getSQLState);
    }

    static int vendorCode(SQLException failure) {
        Integer code = read(failure::getErrorCode);
        return code == null ? 0 : code;
    }

    private static boolean containsSame(List<Throwable> chain, Throwable candidate) {
        for (Throwable known : chain) {
            if (known == candidate) {
                return true;
            }
        }
        return false;
    }

    private static <T> @Nullable T read(Supplier<@Nullable T> getter) {
        try {
            return getter.get();
        } catch (Throwable unreadable) {
            return null;
        }
    }
}
