package io.github.databrickstelemetry.properties;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.context.annotation.Lazy;

/** All properties of this library. The initialisers are the defaults; the values are validated when they are converted to {@link TelemetrySettings}. */
@Lazy
@ConfigurationProperties(TelemetryProperties.PREFIX)
public final class TelemetryProperties extends ClientProperties {

    /** The common prefix of all properties, without the dot. */
    public static final String PREFIX = "databricks.telemetry";

    /** Whether Databricks SQL statements are instrumented and reported. */
    private boolean enabled;

    /** Maximum number of events, of all hosts together, that wait to be aggregated. Rounded up to a power of two. */
    private int queueCapacity = 8192;

    /** Maximum time that closing telemetry takes when the application stops, for all hosts together. */
    private Duration closeTimeout = Duration.ofSeconds(2);

    /** What the application's own traces, metrics and logs show of each statement. */
    @NestedConfigurationProperty
    private final InsightProperties insight = new InsightProperties();

    /** Query tags that are set on every session, so that the workspace's query history shows where a query comes from. Tags in the JDBC URL take precedence. */
    private final Map<String, String> queryTags = new LinkedHashMap<>();

    /** Names of the application that are added as query tags. */
    private final List<QueryTagSource> queryTagsFrom = new ArrayList<>();

    /** Settings for single data sources, by bean name. */
    private final Map<String, DataSourceProperties> dataSources = new LinkedHashMap<>();

    /** Workspaces by name. Each one is a TelemetryClient bean, prodTelemetryClient for hosts.prod, and data sources can refer to it. */
    private final Map<String, HostProperties> hosts = new LinkedHashMap<>();

    public boolean isEnabled() {
        return enabled;
    }

    public void setEnabled(boolean enabled) {
        this.enabled = enabled;
    }

    public int getQueueCapacity() {
        return queueCapacity;
    }

    public void setQueueCapacity(int queueCapacity) {
        this.queueCapacity = queueCapacity;
    }

    public Duration getCloseTimeout() {
        return closeTimeout;
    }

    public void setCloseTimeout(Duration closeTimeout) {
        this.closeTimeout = closeTimeout;
    }

    public InsightProperties getInsight() {
        return insight;
    }

    public Map<String, String> getQueryTags() {
        return queryTags;
    }

    public List<QueryTagSource> getQueryTagsFrom() {
        return queryTagsFrom;
    }

    public Map<String, DataSourceProperties> getDataSources() {
        return dataSources;
    }

    public Map<String, HostProperties> getHosts() {
        return hosts;
    }
}
