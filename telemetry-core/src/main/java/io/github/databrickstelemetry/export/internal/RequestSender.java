package io.github.databrickstelemetry.export.internal;

import io.github.databrickstelemetry.breaker.internal.CircuitBreaker;
import io.github.databrickstelemetry.breaker.internal.Permit;
import io.github.databrickstelemetry.export.ExportResult.ExportError;
import io.github.databrickstelemetry.export.ExportResult.Outcome;
import io.github.databrickstelemetry.failure.internal.ExceptionClassifier;
import io.github.databrickstelemetry.workspace.internal.HostRefusedException;
import io.github.databrickstelemetry.workspace.internal.RetryAfter;
import io.github.databrickstelemetry.workspace.internal.WorkspaceChannel;
import io.github.databrickstelemetry.workspace.internal.WorkspaceResponse;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.retry.RetryContext;
import org.springframework.retry.backoff.BackOffInterruptedException;
import org.springframework.retry.backoff.BackOffPolicy;
import org.springframework.retry.policy.SimpleRetryPolicy;
import org.springframework.retry.support.RetryTemplate;

/**
 * Sends one request until it is answered for good: through the host's paths, with retries, each request with a permit of
 * the breaker. Thread-safe; blocks.
 */
final class RequestSender {

    /** What a request came to in the end. */
    record Reply(ResponseAction verdict, WorkspaceResponse answer) {}

    private final WorkspaceChannel channel;
    private final CircuitBreaker breaker;
    private final RequestPaths paths;
    private final AuthorizationHeader authorization;
    private final RetryAfter retryAfter;
    private final RetryTemplate retry = new RetryTemplate();

    RequestSender(
            WorkspaceChannel channel,
            CircuitBreaker breaker,
            RequestPaths paths,
            AuthorizationHeader authorization,
            int maxRetries,
            RetryAfter retryAfter,
            BackOffPolicy backOff) {
        this.channel = channel;
        this.breaker = breaker;
        this.paths = paths;
        this.authorization = authorization;
        this.retryAfter = retryAfter;
        retry.setRetryPolicy(new SimpleRetryPolicy(maxRetries + 1, Map.of(AttemptException.Retryable.class, true)));
        retry.setBackOffPolicy(backOff);
    }

    /**
     * Sends a body.
     *
     * @return {@link ResponseAction#DELIVERED}, {@link ResponseAction#MALFORMED} or {@link ResponseAction#TOO_LARGE} and the answer
     * @throws AttemptException if the service could not be told
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

        /** Why the last request failed, or the given word when none did. */
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
            // Before the permit: an OAuth token endpoint may take its time.
            String header = authorization.current();
            try (Permit permit = breaker.tryAcquire()) {
                if (permit == null) {
                    // After a failure that failure is the news, not that its retry was not permitted.
                    Outcome outcome = last == null ? Outcome.NOT_PERMITTED : Outcome.FAILURE;
                    throw new AttemptException(outcome, lastError("NotPermitted"));
                }
                if (permit.isProbe()) {
                    context.setExhaustedOnly();
                }
                return judge(path, permit, request(path, permit, header));
            }
        }

        private WorkspaceResponse request(int path, Permit permit, @Nullable String header) {
            try {
                return channel.post(paths.path(path), header, body, gzip);
            } catch (SocketTimeoutException late) {
                // An InterruptedIOException, but nobody interrupted us.
                permit.failure();
                throw failed(late, true);
            } catch (HostRefusedException refused) {
                permit.neutral();
                throw failed(ExportError.of(refused), false);
            } catch (InterruptedIOException interrupted) {
                permit.neutral();
                throw failed(interrupted, false);
            } catch (IOException failure) {
                permit.failure();
                throw failed(failure, ExceptionClassifier.isRetryable(failure));
            }
        }

        private @Nullable Reply judge(int path, Permit permit, WorkspaceResponse answer) {
            ResponseAction verdict = ResponseAction.of(answer.status());
            if (verdict != ResponseAction.NO_SUCH_PATH) {
                paths.answered(path);
            }
            switch (verdict) {
                case DELIVERED -> {
                    permit.success();
                    return new Reply(verdict, answer);
                }
                case MALFORMED, TOO_LARGE -> {
                    permit.neutral();
                    return new Reply(verdict, answer);
                }
                case NO_SUCH_PATH -> {
                    if (paths.hasNext(path)) {
                        permit.neutral();
                        return null;
                    }
                    paths.exhausted();
                }
                default -> {
                    // A failure, told below.
                }
            }
            permit.failure();
            last = new ExportError("HttpStatus", answer.status());
            throw verdict == ResponseAction.RETRYABLE
                    ? new AttemptException.Retryable(last, retryAfter.millis(answer))
                    : new AttemptException(Outcome.FAILURE, last);
        }

        private AttemptException failed(IOException failure, boolean retryable) {
            return failed(new ExportError(failure.getClass().getSimpleName(), 0), retryable);
        }

        private AttemptException failed(ExportError error, boolean retryable) {
            last = error;
            return retryable ? new AttemptException.Retryable(error, 0) : new AttemptException(Outcome.FAILURE, error);
        }
    }
}
