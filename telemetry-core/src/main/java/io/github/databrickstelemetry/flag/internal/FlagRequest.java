package io.github.databrickstelemetry.flag.internal;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.databrickstelemetry.config.ClientSettings.FeatureFlagSettings;
import io.github.databrickstelemetry.flag.internal.FlagHandle.BlockedReason;
import io.github.databrickstelemetry.runtime.internal.TelemetryClock;
import io.github.databrickstelemetry.workspace.TelemetryTarget;
import io.github.databrickstelemetry.workspace.internal.HostValidator.HostRefusedException;
import io.github.databrickstelemetry.workspace.internal.UserAgent;
import io.github.databrickstelemetry.workspace.internal.WorkspaceChannel;
import io.github.databrickstelemetry.workspace.internal.WorkspaceChannel.TunnelRefusedException;
import io.github.databrickstelemetry.workspace.internal.WorkspaceChannel.UnusableCredentialsException;
import io.github.databrickstelemetry.workspace.internal.WorkspaceResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Requests a host's flag with one principal's credentials, on the calling thread. Thread-safe. */
final class FlagRequest {

    private static final Duration SHORTEST_TTL = Duration.ofMinutes(1);
    private static final Duration LONGEST_TTL = Duration.ofMinutes(60);

    private static final Pattern LEADING_NUMBERS = Pattern.compile("(\\d{1,9})(\\.\\d{1,9})?(\\.\\d{1,9})?.*");

    /** The result of one request. */
    sealed interface FlagResponse {

        /** Class or HTTP status of the failure, or null. */
        @Nullable
        String error();
    }

    /** The value of the flag. With an error the flag is off: the service has no such flag, or says that the request is wrong. */
    record Known(boolean enabled, Duration ttl, @Nullable String error) implements FlagResponse {}

    /**
     * No value for these credentials. Another principal's may be accepted.
     *
     * @param blockedReason why the request was not sent, or null if it was
     */
    record Refused(String error, @Nullable BlockedReason blockedReason) implements FlagResponse {}

    /** No value. {@code Retry-After} asks to wait, or is 0. */
    record Failed(String error, Duration retryAfter) implements FlagResponse {

        Failed(String error) {
            this(error, Duration.ZERO);
        }
    }

    private final String version;
    private final TelemetryClock clock;

    /** @param driverVersion of which the first three numbers are sent, or null to send ours */
    FlagRequest(@Nullable String driverVersion, TelemetryClock clock) {
        this.version = numeric(driverVersion, UserAgent.VERSION);
        this.clock = clock;
    }

    /** The first three numbers of a version, because the service refuses a suffix such as {@code -oss}. */
    static String numeric(@Nullable String version, String fallback) {
        Matcher numbers = LEADING_NUMBERS.matcher(version == null ? "" : version.strip());
        return numbers.matches()
                ? numbers.group(1)
                        + Objects.requireNonNullElse(numbers.group(2), ".0")
                        + Objects.requireNonNullElse(numbers.group(3), ".0")
                : fallback;
    }

    FlagResponse send(TelemetryTarget target, WorkspaceChannel channel) {
        FeatureFlagSettings settings = target.settings().featureFlag();
        try {
            String authorization = channel.authorization(target);
            String path = "/api/2.0/connector-service/feature-flags/" + settings.client() + "/" + version;
            return read(channel.get(target, path, authorization), settings);
        } catch (UnusableCredentialsException none) {
            return new Refused(none.why(), BlockedReason.NO_CREDENTIALS);
        } catch (HostRefusedException refused) {
            // Another principal's host may come from a JDBC URL, which may lead to a private address.
            return new Refused(refused.getClass().getSimpleName(), BlockedReason.HOST_REFUSED);
        } catch (TunnelRefusedException proxy) {
            return new Failed("HTTP " + proxy.status());
        } catch (IOException failure) {
            return new Failed(failure.getClass().getSimpleName());
        }
    }

    private FlagResponse read(WorkspaceResponse response, FeatureFlagSettings settings) throws IOException {
        int status = response.status();
        String error = "HTTP " + status;
        if (status == 401 || status == 403) {
            return new Refused(error, null);
        }
        if (response.isSuccess()) {
            JsonNode document = response.json();
            return isFromService(document) ? value(document, settings) : new Failed("NoFlagDocument");
        }
        return isDefinite(status) && hasErrorCode(response)
                ? new Known(false, settings.ttl(), error)
                : new Failed(error, Duration.ofMillis(response.retryAfterMillis(LONGEST_TTL, clock)));
    }

    /** Whether the service itself responded, which omits what is empty. */
    private static boolean isFromService(JsonNode document) {
        return document.isObject()
                && (document.isEmpty()
                        || document.path("error_code").isValueNode()
                        || document.path("flags").isArray()
                        || document.has("ttl_seconds"));
    }

    private static FlagResponse value(JsonNode document, FeatureFlagSettings settings) {
        JsonNode seconds = document.path("ttl_seconds");
        // By way of double, because the cast saturates where a number is beyond every long.
        Duration ttl = seconds.isNumber() ? clamped((long) seconds.doubleValue()) : settings.ttl();
        for (JsonNode flag : document.path("flags")) {
            if (flag.path("name").asText().equals(settings.name())) {
                boolean on = flag.path("value").asText().equalsIgnoreCase("true");
                return new Known(on, ttl, null);
            }
        }
        return new Known(false, ttl, "NoSuchFlag");
    }

    private static Duration clamped(long seconds) {
        return Duration.ofSeconds(Math.max(SHORTEST_TTL.toSeconds(), Math.min(LONGEST_TTL.toSeconds(), seconds)));
    }

    /** 407 and 421 are a proxy's, 408 and 429 say "not now". */
    private static boolean isDefinite(int status) {
        return status >= 400 && status < 500 && status != 407 && status != 408 && status != 421 && status != 429;
    }

    /** Whether the service itself responded: a gateway's page has no such code. */
    private static boolean hasErrorCode(WorkspaceResponse response) {
        try {
            return response.json().path("error_code").isValueNode();
        } catch (IOException page) {
            return false;
        }
    }
}
