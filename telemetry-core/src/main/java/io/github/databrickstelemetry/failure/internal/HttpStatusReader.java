package io.github.databrickstelemetry.failure.internal;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.web.client.RestClientResponseException;

/**
 * Reads the HTTP status of a failure: of Spring's exceptions, of exceptions with a public {@code int getStatusCode()}, and
 * of the Databricks driver's messages. Stateless, thread-safe; never throws.
 */
final class HttpStatusReader {

    /** The status that the driver's SDK reports where there was no response. */
    private static final int NO_RESPONSE = 523;

    private static final MethodType CALL = MethodType.methodType(int.class, Throwable.class);

    /** The getter of each class, kept in the class itself so that no class loader is kept alive. */
    private static final ClassValue<Optional<MethodHandle>> GETTERS = new ClassValue<>() {
        @Override
        protected Optional<MethodHandle> computeValue(Class<?> type) {
            return find(type);
        }
    };

    private static final String MESSAGE_CLASS = "DatabricksHttpException";

    /** Over Thrift, the driver reports the status only in this message. Nothing but the number is taken. */
    private static final Pattern MESSAGE = Pattern.compile("HTTP request failed by code: ([1-5][0-9]{2}),");

    private HttpStatusReader() {}

    /** The first HTTP status in the chain of causes, or 0. */
    static int read(List<Throwable> chain) {
        for (Throwable failure : chain) {
            int status = read(failure);
            if (status >= 100 && status <= 599 && status != NO_RESPONSE) {
                return status;
            }
        }
        return 0;
    }

    private static int read(Throwable failure) {
        try {
            if (failure instanceof RestClientResponseException response) {
                return response.getStatusCode().value();
            }
            // The shaded SDK's DatabricksError, for one, which this code cannot be compiled against.
            Optional<MethodHandle> getter = GETTERS.get(failure.getClass());
            int status = getter.isPresent() ? (int) getter.get().invokeExact(failure) : 0;
            return status == 0 ? inMessage(failure) : status;
        } catch (Throwable unreadable) {
            return 0;
        }
    }

    private static int inMessage(Throwable failure) {
        String message = failure.getClass().getName().endsWith(MESSAGE_CLASS) ? CauseChain.message(failure) : null;
        // Only at the very beginning: further on, the server's or the application's words may follow.
        Matcher matcher = MESSAGE.matcher(message == null ? "" : message);
        return matcher.lookingAt() ? Integer.parseInt(matcher.group(1)) : 0;
    }

    /** A class that is not public may inherit the getter from one that is. */
    private static Optional<MethodHandle> find(Class<?> type) {
        for (Class<?> c = type; c != null && c != Throwable.class; c = c.getSuperclass()) {
            if (Modifier.isPublic(c.getModifiers())) {
                try {
                    return Optional.of(MethodHandles.publicLookup()
                            .findVirtual(c, "getStatusCode", MethodType.methodType(int.class))
                            .asType(CALL));
                } catch (NoSuchMethodException | IllegalAccessException | LinkageError absent) {
                    // The superclass may have it.
                }
            }
        }
        return Optional.empty();
    }
}
