package io.github.databrickstelemetry.jdbc.databricks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** HikariCP 7, which has a provider of credentials. Its own class loader, as HikariCP 6 is on the class path. */
class HikariCp7Test {

    /** Where the build puts the jar. */
    private static final Path JARS = Path.of("target/pools");

    @Test
    void takesTokensFromTheProvider() throws Throwable {
        ClassLoader original = Thread.currentThread().getContextClassLoader();
        // The JVM looks for drivers once: in the class loader that the first caller has.
        DriverManager.drivers().close();
        try (URLClassLoader loader = new URLClassLoader(classPath(), ClassLoader.getPlatformClassLoader())) {
            Thread.currentThread().setContextClassLoader(loader);
            loader.loadClass(HikariCp7Application.class.getName())
                    .getMethod("takesTokensFromTheProvider")
                    .invoke(null);
        } catch (InvocationTargetException failed) {
            throw failed.getCause();
        } finally {
            Thread.currentThread().setContextClassLoader(original);
        }
    }

    private static URL[] classPath() throws IOException {
        List<Path> hikari;
        try (Stream<Path> jars = Files.list(JARS)) {
            hikari = jars.filter(jar -> jar.getFileName().toString().startsWith("HikariCP-7"))
                    .toList();
        }
        assertThat(hikari).hasSize(1);
        Stream<Path> others = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .filter(entry -> !entry.getFileName().toString().startsWith("HikariCP-"));
        return Stream.concat(hikari.stream(), others).map(HikariCp7Test::url).toArray(URL[]::new);
    }

    private static URL url(Path entry) {
        try {
            return entry.toUri().toURL();
        } catch (MalformedURLException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
