package io.github.databrickstelemetry.sample.start;

import io.github.databrickstelemetry.sample.warehouse.SampleData;
import io.github.databrickstelemetry.standin.WorkspaceStandIn;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Map;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.aot.AbstractAotProcessor;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.Profiles;

/**
 * Sets {@code workspace.jdbc-url} and {@code workspace.token}, which {@code application.yaml} makes the data source
 * of: those of a real workspace with the profile {@code databricks}, else of a stand-in, which it starts.
 */
final class WorkspaceInitializer implements ApplicationContextInitializer<ConfigurableApplicationContext> {

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        ConfigurableEnvironment environment = context.getEnvironment();
        if (environment.acceptsProfiles(Profiles.of("databricks"))) {
            use(environment, realUrl(environment), required(environment, "DATABRICKS_TOKEN"));
        } else if (Boolean.getBoolean(AbstractAotProcessor.AOT_PROCESSING)) {
            use(environment, "jdbc:databricks://localhost", "none while the application is being built");
        } else {
            SampleData data = data(environment);
            WorkspaceStandIn workspace = start(environment).answerFrom(SampleData.CATALOG, data);
            // Like a real data source, this one has its token beside the URL.
            String url = workspace.jdbcUrl().replace("PWD=" + workspace.token() + ";", "");
            use(environment, url, workspace.token());
            DefaultListableBeanFactory beans = (DefaultListableBeanFactory) context.getBeanFactory();
            beans.registerSingleton("workspaceStandIn", workspace);
            // Registered first, so destroyed last: after the pool and after the last telemetry.
            beans.registerDisposableBean("sampleData", (DisposableBean) data::close);
            beans.registerDisposableBean("workspaceStandIn", (DisposableBean) workspace::close);
        }
    }

    private static SampleData data(ConfigurableEnvironment environment) {
        try {
            return new SampleData(environment.getProperty("workspace.trips", Integer.class, SampleData.TRIPS));
        } catch (SQLException e) {
            throw new IllegalStateException("The sample data cannot be created", e);
        }
    }

    private static WorkspaceStandIn start(ConfigurableEnvironment environment) {
        int port = environment.getProperty("workspace.port", Integer.class, 0);
        try {
            return WorkspaceStandIn.start(port);
        } catch (IOException e) {
            throw new SampleStartException(
                    "The workspace stand-in could not be started, because port " + port + " is already in use.",
                    "Stop what uses the port, or set workspace.port to another one (0: any free port).",
                    e);
        }
    }

    private static String realUrl(ConfigurableEnvironment environment) {
        String host = required(environment, "DATABRICKS_HOST")
                .replaceFirst("^https://", "")
                .replaceFirst("/$", "");
        return "jdbc:databricks://" + host + (host.contains(":") ? "" : ":443") + "/default;transportMode=http;ssl=1;"
                + "AuthMech=3;UID=token;httpPath=" + required(environment, "DATABRICKS_HTTP_PATH");
    }

    private static String required(ConfigurableEnvironment environment, String name) {
        String value = environment.getProperty(name, "");
        if (value.isBlank()) {
            throw new SampleStartException(
                    "The profile 'databricks' needs the environment variable " + name + ", which is not set.",
                    "Set DATABRICKS_HOST (such as adb-123.4.azuredatabricks.net), DATABRICKS_HTTP_PATH (such as "
                            + "/sql/1.0/warehouses/abc123) and DATABRICKS_TOKEN, or leave the profile out to use "
                            + "the stand-in.",
                    null);
        }
        return value.strip();
    }

    private static void use(ConfigurableEnvironment environment, String url, String token) {
        environment
                .getPropertySources()
                .addLast(new MapPropertySource(
                        "workspace", Map.of("workspace.jdbc-url", url, "workspace.token", token)));
    }
}
