package io.github.databrickstelemetry.failure.internal;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ReflectionUtils;
import org.springframework.web.client.RestClientResponseException;

/**
 * A foreign exception and its causes, outermost first. Their methods may throw, return null or make a circle: a value that
 * cannot be read counts as absent. Thread-safe.
 */
record CauseChain(List<Throwable> links) {

    /** Longer chains, and circles, are cut. */
    private static final int MAX_DEPTH = 16;

    /** The status that the driver's SDK reports where there was no response. */
    private static final int NO_RESPONSE = 523;

    private static final String MESSAGE_CLASS = "DatabricksHttpException";

    /** Over Thrift, the driver reports the status only in this message. Nothing but the number is taken. */
    private static final Pattern MESSAGE = Pattern.compile("HTTP request failed by code: ([1-5][0-9]{2}),");

    /** A SQLState, or a driver's error name in its place, because a driver may put anything there. */
    private static final Pattern PLAUSIBLE_STATE = Pattern.compile("[A-Z0-9]{5}|[A-Z_]{6,64}");

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
        return links.stream().anyMatch(known -> known == candidate);
    }

    /** The first HTTP status, or 0. */
    int httpStatus() {
        return first(CauseChain::httpStatus);
    }

    /** The first vendor code, or 0. */
    int vendorCode() {
        return first(failure -> failure instanceof SQLException sql ? sql.getErrorCode() : 0);
    }

    private int first(ToIntFunction<Throwable> number) {
        return links.stream()
                .map(link -> read(() -> number.applyAsInt(link)))
                .filter(known -> known != null && known != 0)
                .findFirst()
                .orElse(0);
    }

    /** The first SQLState that looks like one, or null. */
    @Nullable
    String sqlState() {
        return links.stream()
                .map(CauseChain::sqlState)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /** The SQLState of one failure if it looks like one, else null. */
    static @Nullable String sqlState(Throwable failure) {
        String state = failure instanceof SQLException sql ? read(sql::getSQLState) : null;
        return state != null && PLAUSIBLE_STATE.matcher(state).matches() ? state : null;
    }

    private static int httpStatus(Throwable failure) {
        if (failure instanceof RestClientResponseException response) {
            return response.getStatusCode().value();
        }
        // The shaded SDK's DatabricksError, for one, which this code cannot be compiled against.
        Method getter = ReflectionUtils.findMethod(publicType(failure), "getStatusCode");
        boolean known = getter != null && getter.getReturnType() == int.class;
        Object status = known ? ReflectionUtils.invokeMethod(getter, failure) : null;
        int number = status instanceof Integer code && code != 0 ? code : httpStatusInMessage(failure);
        return number >= 100 && number <= 599 && number != NO_RESPONSE ? number : 0;
    }

    /** A class that is not public may inherit the getter from one that is. */
    private static Class<?> publicType(Throwable failure) {
        Class<?> type = failure.getClass();
        while (!Modifier.isPublic(type.getModifiers())) {
            type = type.getSuperclass();
        }
        return type;
    }

    private static int httpStatusInMessage(Throwable failure) {
        String message = failure.getClass().getName().endsWith(MESSAGE_CLASS) ? message(failure) : null;
        // Only at the very beginning: further on, the server's or the application's words may follow.
        Matcher matcher = MESSAGE.matcher(message == null ? "" : message);
        return matcher.lookingAt() ? Integer.parseInt(matcher.group(1)) : 0;
    }

    static @Nullable String message(Throwable failure) {
        return read(failure::getMessage);
    }

    static List<StackTraceElement> frames(Throwable failure, int most) {
        StackTraceElement[] frames = read(failure::getStackTrace);
        return frames == null
                ? List.of()
                : Stream.of(frames).filter(Objects::nonNull).limit(most).toList();
    }

    private static <T> @Nullable T read(Supplier<@Nullable T> getter) {
        try {
            return getter.get();
        } catch (Throwable unreadable) {
            return null;
        }
    }
}
