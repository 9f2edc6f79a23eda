package io.github.databrickstelemetry.export.internal;

import io.github.databrickstelemetry.breaker.internal.CircuitBreaker;
import io.github.databrickstelemetry.breaker.internal.CircuitBreaker.Permit;
import io.github.databrickstelemetry.config.ClientSettings;
import io.github.databrickstelemetry.config.ExportSettings;
import io.github.databrickstelemetry.config.ExportSettings.RetrySettings;
import io.github.databrickstelemetry.export.ExportResult.ExportError;
import io.github.databrickstelemetry.export.ExportResult.Outcome;
import io.github.databrickstelemetry.failure.internal.ExceptionClassifier;
import io.github.databrickstelemetry.runtime.internal.TelemetryClock;
import io.github.databrickstelemetry.workspace.TelemetryTarget;
import io.github.databrickstelemetry.workspace.internal.HostValidator.HostRefusedException;
import io.github.databrickstelemetry.workspace.internal.WorkspaceChannel;
import io.github.databrickstelemetry.workspace.internal.WorkspaceChannel.TunnelRefusedException;
import io.github.databrickstelemetry.workspace.internal.WorkspaceChannel.UnusableCredentialsException;
import io.github.databrickstelemetry.workspace.internal.WorkspaceResponse;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.springframework.retry.RetryContext;
import org.springframework.retry.backoff.BackOffInterruptedException;
import org.springframework.retry.backoff.ExponentialBackOffPolicy;
import org.springframework.retry.backoff.Sleeper;
import org.springframework.retry.support.RetryTemplate;

/**
 * Sends one request until its response is final: through the host's paths, with retries, each request with a permit of
 * the breaker. Blocks.
 */
final class RequestSender {

    /** The proven path before any has responded 2xx. */
    static final int NO_PATH = -1;

    /**
     * A response and what is to be done. That of {@link #send} is final: {@link ResponseAction#DELIVERED},
     * {@link ResponseAction#MALFORMED} or {@link ResponseAction#TOO_LARGE}.
     */
    record Reply(ResponseAction action, WorkspaceResponse response) {}

    /** The service did not take the request. Has no message and no stack, because it only directs the retry. */
    static final class AttemptException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        final transient Outcome outcome;
        final transient ExportError error;

        /** Time that {@code Retry-After} requires to wait, 0 without it. */
        final long retryAfterMillis;

        /** Whether another attempt may succeed. */
        final boolean retryable;

        AttemptException(Outcome outcome, ExportError error, long retryAfterMillis, boolean retryable) {
            super(null, null, false, false);
            this.outcome = outcome;
            this.error = error;
            this.retryAfterMillis = retryAfterMillis;
            this.retryable = retryable;
        }
    }

    private final WorkspaceChannel channel;
    private final TelemetryTarget target;
    private final CircuitBreaker breaker;
    private final List<String> paths;
    private final AtomicInteger provenPath;
    private final TelemetryClock clock;
    private final RetryTemplate retry;

    /** The error of the last request for the present body. */
    private @Nullable ExportError last;

    /**
     * @param provenPath index of the path that has responded 2xx, or {@link #NO_PATH}; shared by all principals on the host
     */
    RequestSender(
            WorkspaceChannel channel,
            TelemetryTarget target,
            CircuitBreaker breaker,
            AtomicInteger provenPath,
            TelemetryClock clock,
            RetryTemplate retry) {
        this.channel = channel;
        this.target = target;
        this.breaker = breaker;
        this.paths = paths(target.settings());
        this.provenPath = provenPath;
        this.clock = clock;
        this.retry = retry;
    }

    /** The paths to try. */
    static List<String> paths(ClientSettings settings) {
        ExportSettings export = settings.export();
        return settings.authenticatedExport() ? export.authenticatedPaths() : export.unauthenticatedPaths();
    }

    /**
     * Retries with full jitter: each wait is a random part of an exponentially growing time, so that clients which failed
     * together come back apart.
     */
    static RetryTemplate retry(RetrySettings settings, RandomGenerator random, Sleeper sleeper) {
        ExponentialBackOffPolicy backOff = new ExponentialBackOffPolicy();
        backOff.setInitialInterval(settings.backoffInitial().toMillis());
        backOff.setMaxInterval(settings.backoffMax().toMillis());
        backOff.setMultiplier(2);
        backOff.setSleeper(millis -> sleeper.sleep(random.nextLong(millis + 1)));
        return RetryTemplate.builder()
                .maxAttempts(settings.maxRetries() + 1)
                .retryOn(failure -> failure instanceof AttemptException attempt && attempt.retryable)
                .customBackoff(backOff)
                .build();
    }

    /**
     * Sends a body. One at a time.
     *
     * @throws AttemptException if the service did not take it
     */
    Reply send(byte[] body) {
        last = null;
        try {
            return retry.execute(context -> attempt(body, context));
        } catch (BackOffInterruptedException interrupted) {
            throw new AttemptException(Outcome.FAILURE, lastError("Interrupted"), 0, false);
        }
    }

    /** The error of the last request, or the given word if none was sent. */
    private ExportError lastError(String otherwise) {
        return last == null ? new ExportError(otherwise, 0) : last;
    }

    private Reply attempt(byte[] body, RetryContext context) {
        for (int path = Math.max(0, provenPath.get()); ; path++) {
            Reply reply = tryPath(path, body, context);
            if (reply.action() != ResponseAction.NEXT_PATH) {
                return reply;
            }
        }
    }

    private Reply tryPath(int path, byte[] body, RetryContext context) {
        // Read for each request, so that a rejected token is not sent again while a newer one is known. Read before
        // the permit is taken, because an OAuth token endpoint may be slow.
        String header = authorization();
        try (Permit permit = breaker.tryAcquire()) {
            if (permit == null) {
                // After a failed attempt, its error is reported rather than the missing permit.
                Outcome outcome = last == null ? Outcome.NOT_PERMITTED : Outcome.FAILURE;
                throw new AttemptException(outcome, lastError("NotPermitted"), 0, false);
            }
            if (permit.isProbe()) {
                context.setExhaustedOnly();
            }
            WorkspaceResponse response = post(path, body, header, permit);
            return new Reply(act(path, permit, response), response);
        }
    }

    private @Nullable String authorization() {
        try {
            return target.settings().authenticatedExport() ? channel.authorization(target) : null;
        } catch (UnusableCredentialsException none) {
            throw failed(ExportError.ofCredentials(none.why()), 0, false);
        }
    }

    private WorkspaceResponse post(int path, byte[] body, @Nullable String header, Permit permit) {
        try {
            return channel.post(target, paths.get(path), header, body);
        } catch (TunnelRefusedException proxy) {
            permit.failure();
            ExportError error = new ExportError("HttpStatus", proxy.status());
            throw failed(error, 0, ExceptionClassifier.isRetryable(proxy.status()) && proxy.status() != 429);
        } catch (HostRefusedException refused) {
            throw failed(new ExportError(refused.getClass().getSimpleName(), 0, false, true), 0, false);
        } catch (IOException failure) {
            // A timeout is no interrupt, although its class extends that of interrupts.
            boolean interrupted =
                    failure instanceof InterruptedIOException && !(failure instanceof SocketTimeoutException);
            if (!interrupted) {
                permit.failure();
            }
            ExportError error = new ExportError(failure.getClass().getSimpleName(), 0);
            throw failed(error, 0, !interrupted && ExceptionClassifier.isRetryable(failure));
        }
    }

    /** Does what the response requires. Without an outcome, the permit is given back as neutral. */
    private ResponseAction act(int path, Permit permit, WorkspaceResponse response) {
        int status = response.status();
        boolean mayNameAWait = status == 429 || status == 503;
        Duration longestWait = target.settings().export().retry().retryAfterMax();
        long wait = mayNameAWait ? response.retryAfterMillis(longestWait, clock) : 0;
        boolean mayMoveOn = path != provenPath.get() && path + 1 < paths.size();
        ResponseAction action = ResponseAction.of(response, wait, mayMoveOn);
        if (action == ResponseAction.DELIVERED) {
            permit.success();
            provenPath.set(path);
        } else if (action == ResponseAction.RETRY || action == ResponseAction.FAILURE) {
            if (status == 429 || wait > 0) {
                permit.overload(Duration.ofMillis(wait));
            } else {
                permit.failure();
            }
            if (status == 404 || status == 405) {
                provenPath.set(NO_PATH);
            }
            boolean foreignPage = response.isSuccess() || status == 400;
            ExportError error = new ExportError(foreignPage ? "NotTheService" : "HttpStatus", status);
            throw failed(error, wait, action == ResponseAction.RETRY);
        }
        return action;
    }

    private AttemptException failed(ExportError error, long retryAfterMillis, boolean retryable) {
        last = error;
        return new AttemptException(Outcome.FAILURE, error, retryAfterMillis, retryable);
    }
}
