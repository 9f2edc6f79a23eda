package io.github.databrickstelemetry.jdbc.databricks;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The version of the driver on the class path, found without a connection and without metadata calls: in its
 * manifest, or, where that was lost in repackaging, in the driver's own constant. Stateless.
 */
public final class DriverVersion {

    private static final String DRIVER = "com.databricks.client.jdbc.Driver";
    private static final String CONSTANTS = "com.databricks.jdbc.common.util.DriverUtil";
    private static final Pattern VERSION = Pattern.compile("[0-9A-Za-z][0-9A-Za-z._+-]{0,63}");

    private DriverVersion() {}

    /** The version, for example {@code 3.4.5}, or null when there is no driver or it does not say. */
    public static @Nullable String find(ClassLoader loader) {
        try {
            String manifest = Class.forName(DRIVER, false, loader).getPackage().getImplementationVersion();
            Object version = manifest == null
                    ? Class.forName(CONSTANTS, false, loader)
                            .getMethod("getDriverVersion")
                            .invoke(null)
                    : manifest;
            return version instanceof String text && VERSION.matcher(text).matches() ? text : null;
        } catch (ReflectiveOperationException | LinkageError unknown) {
            // Another driver, an unknown version of it, or none: the version is then left out.
            return null;
        }
    }
}
