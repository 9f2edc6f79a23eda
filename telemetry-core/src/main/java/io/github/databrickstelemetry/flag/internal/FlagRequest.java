package io.github.databrickstelemetry.flag.internal;

import io.github.databrickstelemetry.config.FeatureFlagSettings;
import io.github.databrickstelemetry.workspace.TelemetryTarget;
import io.github.databrickstelemetry.workspace.internal.Authorization;
import io.github.databrickstelemetry.workspace.internal.BlockedReason;
import io.github.databrickstelemetry.workspace.internal.HostRefusedException;
import io.github.databrickstelemetry.workspace.internal.UnusableCredentialsException;
import io.github.databrickstelemetry.workspace.internal.WorkspaceChannel;
import io.github.databrickstelemetry.workspace.internal.WorkspaceResponse;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Asks a host for its flag, with one principal's credentials, on the calling thread. */
final class FlagRequest {

    private static final Duration SHORTEST = Duration.ofMinutes(1);
    private static final Duration LONGEST = Duration.ofMinutes(60);

    private final String version;

    /** @param version three numbers */
    FlagRequest(String version) {
        this.version = version;
    }

    FlagResponse ask(TelemetryTarget target, WorkspaceChannel channel) {
        FeatureFlagSettings settings = target.settings().featureFlag();
        String authorization;
        try {
            authorization = target.settings().authenticatedExport()
                    ? Authorization.require(target.credentials())
                    : Authorization.of(target.credentials());
        } catch (UnusableCredentialsException none) {
            // Another principal's may do better.
            return new FlagResponse.Refused(none.why(), BlockedReason.NO_CREDENTIALS);
        }
        try {
            String path = "/api/2.0/connector-service/feature-flags/" + settings.client() + "/" + version;
            return judge(channel.get(path, authorization), settings);
        } catch (HostRefusedException refused) {
            // Another principal's data source may reach the host by its JDBC URL, which may lead to a private address.
            return new FlagResponse.Refused(refused.getClass().getSimpleName(), BlockedReason.HOST_REFUSED);
        } catch (Throwable failure) {
            return new FlagResponse.Failed(failure.getClass().getSimpleName());
        }
    }

    private FlagResponse judge(WorkspaceResponse answer, FeatureFlagSettings settings) throws IOException {
        int status = answer.status();
        if (answer.isSuccess()) {
            return judge(FlagDocument.read(answer.body(), settings.name()), settings);
        }
        String reason = "HTTP " + status;
        return switch (status) {
            case 401, 403 -> new FlagResponse.Refused(reason, null);
            // "Not now" is no answer to whether telemetry is wanted.
            case 408, 429 -> new FlagResponse.Failed(reason);
            default ->
                status >= 400 && status < 500
                        ? new FlagResponse.Known(false, settings.ttl(), reason)
                        : new FlagResponse.Failed(reason);
        };
    }

    private static FlagResponse judge(@Nullable FlagDocument document, FeatureFlagSettings settings) {
        if (document == null) {
            return new FlagResponse.Failed("NoJsonObject");
        }
        Double seconds = document.ttlSeconds();
        // The cast saturates where a number beyond every long would wrap around.
        Duration ttl = seconds == null ? settings.ttl() : clamped(seconds.longValue());
        String value = document.value();
        return value == null
                ? new FlagResponse.Known(false, ttl, "NoSuchFlag")
                : new FlagResponse.Known(value.equalsIgnoreCase("true"), ttl, null);
    }

    private static Duration clamped(long seconds) {
        return Duration.ofSeconds(Math.max(SHORTEST.toSeconds(), Math.min(LONGEST.toSeconds(), seconds)));
    }
}
