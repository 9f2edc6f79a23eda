package io.github.databrickstelemetry.actuate;

import io.github.databrickstelemetry.client.HostTotals;
import io.github.databrickstelemetry.client.TelemetryClientProvider;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the health component shows, apart from the classes that differ between the lines of Spring Boot.
 *
 * @param up whether telemetry of every host can be delivered; if not, the status is UNKNOWN, which does
 *     not change the application's overall status
 * @param details one entry for each host
 */
record HealthReport(boolean up, Map<String, Object> details) {

    static HealthReport of(TelemetryClientProvider provider) {
        Map<String, Object> details = new LinkedHashMap<>();
        boolean up = true;
        for (Map.Entry<String, HostTotals> host : HostReport.openHosts(provider).entrySet()) {
            HostReport report = new HostReport(host.getValue());
            up &= report.isWell();
            details.put(host.getKey(), report.summary());
        }
        return new HealthReport(up, details);
    }
}
