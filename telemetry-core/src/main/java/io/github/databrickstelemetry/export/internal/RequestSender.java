package io.github.databrickstelemetry.export.internal;

import io.github.databrickstelemetry.breaker.internal.CircuitBreaker;
import io.github.databrickstelemetry.breaker.internal.CircuitBreaker.Permit;
import io.github.databrickstelemetry.config.ExportSettings.RetrySettings;
import io.github.databrickstelemetry.export.ExportResult.ExportError;
import io.github.databrickstelemetry.export.ExportResult.Outcome;
import io.github.databrickstelemetry.failure.internal.ExceptionClassifier;
import io.github.databrickstelemetry.runtime.internal.TelemetryClock;
import io.github.databrickstelemetry.workspace.internal.HostValidator.HostRefusedException;
import io.github.databrickstelemetry.workspace.internal.WorkspaceChannel;
import io.github.databrickstelemetry.workspace.internal.WorkspaceChannel.TunnelRefusedException;
import io.github.databrickstelemetry.workspace.internal.WorkspaceChannel.UnusableCredentialsException;
import io.github.databrickstelemetry.workspace.internal.WorkspaceResponse;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.retry.RetryContext;
import org.springframework.retry.backoff.BackOffInterruptedException;
import org.springframework.retry.backoff.BackOffPolicy;
import org.springframework.retry.policy.SimpleRetryPolicy;
import org.springframework.retry.support.RetryTemplate;

/**
 * Sends one request until its response is final: through the host's paths, with retries, each request with a permit of
 * the breaker. Thread-safe; blocks.
 */
final class RequestSender {

    /**
     * The final response.
     *
     * @param action {@link ResponseAction#DELIVERED}, {@link ResponseAction#MALFORMED} or
     *     {@link ResponseAction#TOO_LARGE}
     */
    record Reply(ResponseAction action, WorkspaceResponse response) {}

    /** Sends one request, as {@link WorkspaceChannel#post} does. */
    @FunctionalInterface
    interface Post {
        WorkspaceResponse send(String path, @Nullable String authorization, byte[] body, boolean gzip)
                throws IOException;
    }

    private final Post post;
    private final CircuitBreaker breaker;
    private final RequestPaths paths;
    private final Supplier<@Nullable String> authorization;
    private final TelemetryClock clock;
    private final Duration longestWait;
    private final RetryTemplate retry = new RetryTemplate();

    /** @param authorization the header of the next request; may throw {@link UnusableCredentialsException} */
    RequestSender(
            Post post,
            CircuitBreaker breaker,
            RequestPaths paths,
            Supplier<@Nullable String> authorization,
            TelemetryClock clock,
            RetrySettings settings,
            BackOffPolicy backOff) {
        this.post = post;
        this.breaker = breaker;
        this.paths = paths;
        this.authorization = authorization;
        this.clock = clock;
        this.longestWait = settings.retryAfterMax();
        retry.setRetryPolicy(
                new SimpleRetryPolicy(settings.maxRetries() + 1, Map.of(AttemptException.Retryable.class, true)));
        retry.setBackOffPolicy(backOff);
    }

    /**
     * Sends a body.
     *
     * @throws AttemptException if the service did not receive it
     */
    Reply send(byte[] body, boolean gzip) {
        Attempts attempts = new Attempts(body, gzip);
        try {
            return retry.execute(attempts::next);
        } catch (BackOffInterruptedException interrupted) {
            throw new AttemptException(Outcome.FAILURE, attempts.lastError("Interrupted"));
        }
    }

    private final class Attempts {

        private final byte[] body;
        private final boolean gzip;
        private @Nullable ExportError last;

        Attempts(byte[] body, boolean gzip) {
            this.body = body;
            this.gzip = gzip;
        }

        /** The error of the last request, or the given word if none was sent. */
        ExportError lastError(String otherwise) {
            return last == null ? new ExportError(otherwise, 0) : last;
        }

        Reply next(RetryContext context) {
            for (int path = paths.first(); ; path++) {
                Reply reply = once(path, context);
                if (reply != null) {
                    return reply;
                }
            }
        }

        /** One request; null if the next path is to be tried. */
        private @Nullable Reply once(int path, RetryContext context) {
            // Read for each request, so that a rejected token is not sent again while a newer one is known. Read before
            // the permit is taken, because an OAuth token endpoint may be slow.
            String header = authorization();
            try (Permit permit = breaker.tryAcquire()) {
                if (permit == null) {
                    // After a failed attempt, its error is reported rather than the missing permit.
                    Outcome outcome = last == null ? Outcome.NOT_PERMITTED : Outcome.FAILURE;
                    throw new AttemptException(outcome, lastError("NotPermitted"));
                }
                if (permit.isProbe()) {
                    context.setExhaustedOnly();
                }
                return reply(path, permit, request(path, permit, header));
            }
        }

        private @Nullable String authorization() {
            try {
                return authorization.get();
            } catch (UnusableCredentialsException none) {
                throw new AttemptException(Outcome.FAILURE, ExportError.ofCredentials(none.why()));
            }
        }

        private WorkspaceResponse request(int path, Permit permit, @Nullable String header) {
            try {
                return post.send(paths.path(path), header, body, gzip);
            } catch (TunnelRefusedException proxy) {
                permit.failure();
                ExportError error = new ExportError("HttpStatus", proxy.status());
                throw failed(error, ExceptionClassifier.isRetryable(proxy.status()) && proxy.status() != 429);
            } catch (SocketTimeoutException late) {
                // A timeout, although its type is a subclass of InterruptedIOException.
                permit.failure();
                throw failed(late, true);
            } catch (HostRefusedException refused) {
                throw failed(ExportError.of(refused), false);
            } catch (InterruptedIOException interrupted) {
                throw failed(interrupted, false);
            } catch (IOException failure) {
                permit.failure();
                throw failed(failure, ExceptionClassifier.isRetryable(failure));
            }
        }

        /** Null if the next path is to be tried. */
        private @Nullable Reply reply(int path, Permit permit, WorkspaceResponse response) {
            int status = response.status();
            boolean asksToWait = status == 429 || status == 503;
            long wait = asksToWait ? response.retryAfterMillis(longestWait, clock) : 0;
            ResponseAction action = ResponseAction.of(response, wait, paths.mayMoveOn(path));
            switch (action) {
                case DELIVERED -> {
                    permit.success();
                    paths.prove(path);
                    return new Reply(action, response);
                }
                case MALFORMED, TOO_LARGE -> {
                    return new Reply(action, response);
                }
                case NEXT_PATH -> {
                    return null;
                }
                default -> {
                    if (status == 429 || wait > 0) {
                        permit.overload(Duration.ofMillis(wait));
                    } else {
                        permit.failure();
                    }
                    if (status == 404 || status == 405) {
                        paths.forget();
                    }
                    boolean foreignPage = response.isSuccess() || status == 400;
                    last = new ExportError(foreignPage ? "NotTheService" : "HttpStatus", status);
                    throw action == ResponseAction.RETRY
                            ? new AttemptException.Retryable(last)
                            : new AttemptException(Outcome.FAILURE, last, wait);
                }
            }
        }

        private AttemptException failed(IOException failure, boolean retryable) {
            return failed(new ExportError(failure.getClass().getSimpleName(), 0), retryable);
        }

        private AttemptException failed(ExportError error, boolean retryable) {
            last = error;
            return retryable ? new AttemptException.Retryable(error) : new AttemptException(Outcome.FAILURE, error);
        }
    }
}
