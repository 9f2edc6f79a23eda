package io.github.databrickstelemetry.export.internal;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** {@code system_configuration}: what this process runs on. */
record SystemConfiguration(
        @Nullable String driverName,
        @Nullable String driverVersion,
        @Nullable String runtimeName,
        @Nullable String runtimeVersion,
        @Nullable String runtimeVendor,
        @Nullable String osName,
        @Nullable String osVersion,
        @Nullable String osArch,
        @Nullable String clientAppName,
        String localeName,
        String charSetEncoding,
        @Nullable String processName)
        implements WireWriter.Part {

    /**
     * This process, without a driver.
     *
     * @param clientAppName the application's name, or null
     */
    static SystemConfiguration current(@Nullable String clientAppName) {
        return new SystemConfiguration(
                null,
                null,
                System.getProperty("java.vm.name"),
                System.getProperty("java.version"),
                System.getProperty("java.vendor"),
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                System.getProperty("os.arch"),
                clientAppName,
                Locale.getDefault().toString(),
                Charset.defaultCharset().name(),
                ownProcessName());
    }

    SystemConfiguration withDriver(@Nullable String name, @Nullable String version) {
        return new SystemConfiguration(
                name,
                version,
                runtimeName,
                runtimeVersion,
                runtimeVendor,
                osName,
                osVersion,
                osArch,
                clientAppName,
                localeName,
                charSetEncoding,
                processName);
    }

    /** The executable's name alone: its path and arguments may hold names and secrets. */
    private static @Nullable String ownProcessName() {
        return ProcessHandle.current()
                .info()
                .command()
                .map(Path::of)
                .map(Path::getFileName)
                .map(Path::toString)
                .orElse(null);
    }

    @Override
    public void write(WireWriter out) throws IOException {
        out.text("driver_name", driverName);
        out.text("driver_version", driverVersion);
        out.text("runtime_name", runtimeName);
        out.text("runtime_version", runtimeVersion);
        out.text("runtime_vendor", runtimeVendor);
        out.text("os_name", osName);
        out.text("os_version", osVersion);
        out.text("os_arch", osArch);
        out.text("client_app_name", clientAppName);
        out.text("locale_name", localeName);
        out.text("char_set_encoding", charSetEncoding);
        out.text("process_name", processName);
    }
}
