package io.github.databrickstelemetry.failure.internal;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Modifier;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.web.client.RestClientResponseException;

/**
 * A foreign exception and its causes, outermost first. Their methods may throw, return null or make a circle: a value that
 * cannot be read counts as absent. Thread-safe.
 *
 * <p>Read on application threads, so with plain loops.
 */
final class CauseChain {

    /** Longer chains, and circles, are cut. */
    private static final int MAX_DEPTH = 16;

    /** The status that the driver's SDK reports where there was no response. */
    private static final int NO_RESPONSE = 523;

    private static final MethodType STATUS_OF_FAILURE = MethodType.methodType(int.class, Throwable.class);

    /** The status getter of each class, kept in the class itself so that no class loader is kept alive. */
    private static final ClassValue<Optional<MethodHandle>> STATUS_GETTERS = new ClassValue<>() {
        @Override
        protected Optional<MethodHandle> computeValue(Class<?> type) {
            return findStatusGetter(type);
        }
    };

    private static final String MESSAGE_CLASS = "DatabricksHttpException";

    /** Over Thrift, the driver reports the status only in this message. Nothing but the number is taken. */
    private static final Pattern MESSAGE = Pattern.compile("HTTP request failed by code: ([1-5][0-9]{2}),");

    private static final int STATE_LENGTH = 5;
    private static final int MAX_STATE = 64;

    private final List<Throwable> links;
    private final int httpStatus;

    private CauseChain(List<Throwable> links) {
        this.links = links;
        this.httpStatus = firstHttpStatus(links);
    }

    static CauseChain of(Throwable failure) {
        List<Throwable> links = new ArrayList<>(4);
        Throwable next = failure;
        while (next != null && links.size() < MAX_DEPTH && !containsSame(links, next)) {
            links.add(next);
            next = read(next::getCause);
        }
        return new CauseChain(links);
    }

    private static boolean containsSame(List<Throwable> links, Throwable candidate) {
        for (Throwable known : links) {
            if (known == candidate) {
                return true;
            }
        }
        return false;
    }

    List<Throwable> links() {
        return links;
    }

    /** The first HTTP status, or 0. */
    int httpStatus() {
        return httpStatus;
    }

    /** The first vendor code, or 0. */
    int vendorCode() {
        for (Throwable link : links) {
            Integer code = link instanceof SQLException sql ? read(sql::getErrorCode) : null;
            if (code != null && code != 0) {
                return code;
            }
        }
        return 0;
    }

    /** The first SQLState that looks like one, or null. */
    @Nullable
    String sqlState() {
        for (Throwable link : links) {
            String state = sqlState(link);
            if (state != null) {
                return state;
            }
        }
        return null;
    }

    /** The SQLState of one failure if it looks like one, else null. */
    static @Nullable String sqlState(Throwable failure) {
        String state = failure instanceof SQLException sql ? read(sql::getSQLState) : null;
        return state != null && isPlausible(state) ? state : null;
    }

    /**
     * Whether it looks like a SQLState (five digits and capitals) or like a driver's error name in its place (capitals
     * and underscores), because a driver may put anything there.
     */
    private static boolean isPlausible(String state) {
        if (state.length() < STATE_LENGTH || state.length() > MAX_STATE) {
            return false;
        }
        for (int i = 0; i < state.length(); i++) {
            char c = state.charAt(i);
            boolean other = state.length() == STATE_LENGTH ? c >= '0' && c <= '9' : c == '_';
            if (!other && (c < 'A' || c > 'Z')) {
                return false;
            }
        }
        return true;
    }

    private static int firstHttpStatus(List<Throwable> links) {
        for (Throwable link : links) {
            int status = httpStatus(link);
            if (status >= 100 && status <= 599 && status != NO_RESPONSE) {
                return status;
            }
        }
        return 0;
    }

    private static int httpStatus(Throwable failure) {
        try {
            if (failure instanceof RestClientResponseException response) {
                return response.getStatusCode().value();
            }
            // The shaded SDK's DatabricksError, for one, which this code cannot be compiled against.
            Optional<MethodHandle> getter = STATUS_GETTERS.get(failure.getClass());
            int status = getter.isPresent() ? (int) getter.get().invokeExact(failure) : 0;
            return status == 0 ? httpStatusInMessage(failure) : status;
        } catch (Throwable unreadable) {
            return 0;
        }
    }

    /** A public method of a public class, which a class that is not public may inherit. */
    private static Optional<MethodHandle> findStatusGetter(Class<?> type) {
        for (Class<?> c = type; c != null && c != Throwable.class; c = c.getSuperclass()) {
            if (Modifier.isPublic(c.getModifiers())) {
                try {
                    return Optional.of(MethodHandles.publicLookup()
                            .findVirtual(c, "getStatusCode", MethodType.methodType(int.class))
                            .asType(STATUS_OF_FAILURE));
                } catch (NoSuchMethodException | IllegalAccessException | LinkageError absent) {
                    // The superclass may have it.
                }
            }
        }
        return Optional.empty();
    }

    private static int httpStatusInMessage(Throwable failure) {
        String message = failure.getClass().getName().endsWith(MESSAGE_CLASS) ? message(failure) : null;
        if (message == null) {
            return 0;
        }
        // Only at the very beginning: further on, the server's or the application's words may follow.
        Matcher matcher = MESSAGE.matcher(message);
        return matcher.lookingAt() ? Integer.parseInt(matcher.group(1)) : 0;
    }

    static @Nullable String message(Throwable failure) {
        return read(failure::getMessage);
    }

    static StackTraceElement[] frames(Throwable failure) {
        StackTraceElement[] frames = read(failure::getStackTrace);
        return frames == null ? new StackTraceElement[0] : frames;
    }

    private static <T> @Nullable T read(Supplier<@Nullable T> getter) {
        try {
            return getter.get();
        } catch (Throwable unreadable) {
            return null;
        }
    }
}
