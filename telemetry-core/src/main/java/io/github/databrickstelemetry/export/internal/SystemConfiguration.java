package io.github.databrickstelemetry.export.internal;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The process that sends, and the driver that it uses. */
@WireRecord
record SystemConfiguration(
        @JsonUnwrapped(prefix = "driver_") @Nullable Driver driver,
        @JsonUnwrapped(prefix = "runtime_") JavaRuntime runtime,
        @JsonUnwrapped(prefix = "os_") OperatingSystem os,
        @Nullable String clientAppName,
        String localeName,
        String charSetEncoding,
        @Nullable String processName) {

    @WireRecord
    record Driver(@Nullable String name, @Nullable String version) {}

    @WireRecord
    record JavaRuntime(
            @Nullable String name,
            @Nullable String version,
            @Nullable String vendor) {}

    @WireRecord
    record OperatingSystem(
            @Nullable String name,
            @Nullable String version,
            @Nullable String arch) {}

    /**
     * This process, without a driver.
     *
     * @param clientAppName the application's name, or null
     */
    static SystemConfiguration current(@Nullable String clientAppName) {
        return new SystemConfiguration(
                null,
                new JavaRuntime(
                        System.getProperty("java.vm.name"),
                        System.getProperty("java.version"),
                        System.getProperty("java.vendor")),
                new OperatingSystem(
                        System.getProperty("os.name"), System.getProperty("os.version"), System.getProperty("os.arch")),
                clientAppName,
                Locale.getDefault().toString(),
                Charset.defaultCharset().name(),
                ownProcessName());
    }

    SystemConfiguration withDriver(@Nullable String name, @Nullable String version) {
        return new SystemConfiguration(
                new Driver(name, version), runtime, os, clientAppName, localeName, charSetEncoding, processName);
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
}
