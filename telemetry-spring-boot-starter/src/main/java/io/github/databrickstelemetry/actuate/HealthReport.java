package io.github.databrickstelemetry.actuate;

import io.github.databrickstelemetry.breaker.BreakerState;
import io.github.databrickstelemetry.client.TelemetryClientProvider;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the health component says, apart from the classes that differ between the lines of Spring Boot.
 *
 * @param up whether every host's breaker lets requests pass; if not, the status is UNKNOWN, which leaves the
 *     application's overall status as it is: an application is not ill because its telemetry cannot be delivered
 * @param details one entry for each host
 */
record HealthReport(boolean up, Map<String, Object> details) {

    static HealthReport of(TelemetryClientProvider provider) {
        Map<String, Object> details = new LinkedHashMap<>();
        boolean up = true;
        for (Map.Entry<String, HostReport> host : HostReport.ofAll(provider).entrySet()) {
            up &= host.getValue().breaker() == BreakerState.CLOSED;
            details.put(host.getKey(), host.getValue().summary());
        }
        return new HealthReport(up, details);
    }
}
