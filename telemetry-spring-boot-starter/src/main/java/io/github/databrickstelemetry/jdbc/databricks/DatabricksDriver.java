package io.github.databrickstelemetry.jdbc.databricks;

import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The driver on the class path: its version and the properties that it has. Works without a connection and without
 * metadata calls. Stateless.
 */
public final class DatabricksDriver {

    /**
     * Properties that silence the driver's own telemetry. The level alone stops everything that is sent, whatever else is
     * set, in drivers that know it; older ones know the other two.
     */
    public static final Map<String, String> TELEMETRY_OFF =
            Map.of("EnableTelemetry", "0", "ForceEnableTelemetry", "0", "TelemetryLogLevel", "OFF");

    /** Where drivers list their properties since 3.0. Earlier ones send unknown properties to the server. */
    private static final List<String> PROPERTIES = List.of(
            "com.databricks.jdbc.common.DatabricksJdbcUrlParams", "com.databricks.jdbc.common.DatabricksJdbcConstants");

    private static final String DRIVER = "com.databricks.client.jdbc.Driver";
    private static final String VERSION = "com.databricks.jdbc.common.util.DriverUtil";
    private static final Pattern PRINTABLE_VERSION = Pattern.compile("[0-9A-Za-z][0-9A-Za-z._+-]{0,63}");

    private DatabricksDriver() {}

    /** Names of the driver's classes that are read by reflection, whichever version has them. */
    public static Set<String> reflectedTypes() {
        Set<String> types = new TreeSet<>(PROPERTIES);
        types.add(DRIVER);
        types.add(VERSION);
        DriverObjects.classes().forEach(types::add);
        return types;
    }

    /**
     * The version, for example {@code 3.4.5}: that of the manifest, or, where it was lost in repackaging, of the driver's
     * own constant. Null when there is no driver or it does not say.
     */
    public static @Nullable String version(ClassLoader loader) {
        try {
            String manifest = Class.forName(DRIVER, false, loader).getPackage().getImplementationVersion();
            Object version = manifest == null
                    ? Class.forName(VERSION, false, loader)
                            .getMethod("getDriverVersion")
                            .invoke(null)
                    : manifest;
            return version instanceof String text
                            && PRINTABLE_VERSION.matcher(text).matches()
                    ? text
                    : null;
        } catch (ReflectiveOperationException | RuntimeException | LinkageError unknown) {
            return null;
        }
    }

    /** Whether the driver that this class loader finds has a property. Initialises none of its classes. */
    static boolean hasProperty(String property, @Nullable ClassLoader loader) {
        // The driver's constants are named after its properties: not all, but those that telemetry sets.
        String constant = property.replaceAll("([a-z])([A-Z])", "$1_$2").toUpperCase(Locale.ROOT);
        return PROPERTIES.stream().anyMatch(list -> hasConstant(list, constant, loader));
    }

    private static boolean hasConstant(String type, String name, @Nullable ClassLoader loader) {
        try {
            return Modifier.isStatic(
                    Class.forName(type, false, loader).getField(name).getModifiers());
        } catch (ReflectiveOperationException | LinkageError anotherVersion) {
            return false;
        }
    }
}
