package io.github.databrickstelemetry.properties;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Proxy for requests to the workspace. If nothing is set, the data source's proxy is used. */
public final class ProxyProperties {

    /** Host name of the proxy for requests to the workspace. If not set, the data source's proxy is used. */
    private @Nullable String host;

    /** Port of the proxy. */
    private @Nullable Integer port;

    /** User name for basic authentication at the proxy. */
    private @Nullable String user;

    /** Password for basic authentication at the proxy. */
    private @Nullable String password;

    /** Hosts that are contacted without the proxy. A leading asterisk matches any beginning. */
    private List<String> ignored = new ArrayList<>();

    /** Whether the proxy settings of the JVM are used. False, without a proxy host, means no proxy. */
    private @Nullable Boolean system;

    public @Nullable String getHost() {
        return host;
    }

    public void setHost(@Nullable String host) {
        this.host = host;
    }

    public @Nullable Integer getPort() {
        return port;
    }

    public void setPort(@Nullable Integer port) {
        this.port = port;
    }

    public @Nullable String getUser() {
        return user;
    }

    public void setUser(@Nullable String user) {
        this.user = user;
    }

    public @Nullable String getPassword() {
        return password;
    }

    public void setPassword(@Nullable String password) {
        this.password = password;
    }

    public List<String> getIgnored() {
        return ignored;
    }

    public void setIgnored(List<String> ignored) {
        this.ignored = ignored;
    }

    public @Nullable Boolean getSystem() {
        return system;
    }

    public void setSystem(@Nullable Boolean system) {
        this.system = system;
    }
}
