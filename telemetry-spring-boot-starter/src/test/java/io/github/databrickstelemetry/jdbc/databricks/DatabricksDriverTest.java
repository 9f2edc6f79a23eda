package io.github.databrickstelemetry.jdbc.databricks;

import static org.assertj.core.api.Assertions.assertThat;

import com.databricks.jdbc.api.impl.DatabricksConnectionContext;
import com.databricks.jdbc.telemetry.TelemetryHelper;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatabricksDriverTest {

    private static final String URL = "jdbc:databricks://h;httpPath=/sql/1.0/warehouses/a";

    @Test
    void leavesAUrlAloneThatDoesNotSetTelemetry() {
        assertThat(DatabricksDriver.rewrite(URL, DatabricksDriver.TELEMETRY_OFF))
                .isSameAs(URL);
    }

    @ParameterizedTest
    @CsvSource({
        "jdbc:databricks://h;EnableTelemetry=1, jdbc:databricks://h;EnableTelemetry=0",
        "jdbc:databricks://h/s;a=b=c;enabletelemetry=1;PWD=x;, jdbc:databricks://h/s;a=b=c;enabletelemetry=0;PWD=x;",
        "jdbc:databricks://h;FORCEENABLETELEMETRY=1;x, jdbc:databricks://h;FORCEENABLETELEMETRY=0;x",
        "jdbc:databricks://h;EnableTelemetry=1;telemetryLogLevel=TRACE;EnableTelemetry=1, "
                + "jdbc:databricks://h;EnableTelemetry=0;telemetryLogLevel=OFF;EnableTelemetry=0",
    })
    void changesNothingElseOfAUrl(String url, String expected) {
        assertThat(DatabricksDriver.rewrite(url, DatabricksDriver.TELEMETRY_OFF))
                .isEqualTo(expected);
    }

    /** As that of a web application that has stopped. */
    @Test
    void leavesTheVersionOutIfTheClassLoaderThrows() {
        assertThat(DatabricksDriver.version(new ClassLoader(null) {
                    @Override
                    protected Class<?> findClass(String name) {
                        throw new IllegalStateException(name);
                    }
                }))
                .isNull();
    }

    @Test
    void looksForFewClassesWhereThereIsNoDriver() {
        List<String> sought = new ArrayList<>();
        DriverObjects none = new DriverObjects(new ClassLoader(null) {
            @Override
            protected Class<?> findClass(String name) throws ClassNotFoundException {
                sought.add(name);
                throw new ClassNotFoundException(name);
            }
        });
        assertThat(none.connection).isNull();
        assertThat(sought).hasSizeLessThan(5);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ";EnableTelemetry=1",
                ";EnableTelemetry=1;ForceEnableTelemetry=1",
                ";forceenabletelemetry=1;TELEMETRYLOGLEVEL=6",
            })
    void silencesTheDriverWhateverTheUrlSays(String parameters) throws Exception {
        Properties properties = new Properties();
        DatabricksDriver.TELEMETRY_OFF.forEach(properties::setProperty);
        String url = DatabricksDriver.rewrite(URL + parameters, DatabricksDriver.TELEMETRY_OFF);

        assertThat(TelemetryHelper.isTelemetryAllowedForConnection(DatabricksConnectionContext.parse(url, properties)))
                .isFalse();
    }
}
