package io.github.databrickstelemetry.sample.page;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** axe-core, which finds faults of accessibility, from the npm registry; kept below {@code target}. */
final class Axe {

    private static final String VERSION = "4.14.1";
    private static final Path FOLDER = Path.of("target", "axe");

    private Axe() {}

    /** The program for the browser. A test is skipped where npm cannot install it. */
    static String script() throws IOException, InterruptedException {
        Path script = FOLDER.resolve("node_modules/axe-core/axe.min.js");
        assumeTrue(
                Files.exists(script) || (install() && Files.exists(script)),
                "npm cannot install axe-core: accessibility is not checked");
        return Files.readString(script);
    }

    private static boolean install() throws InterruptedException {
        try {
            Process npm = new ProcessBuilder(
                            "npm",
                            "install",
                            "--silent",
                            "--no-audit",
                            "--no-fund",
                            "--prefix",
                            FOLDER.toAbsolutePath().toString(),
                            "axe-core@" + VERSION)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return npm.waitFor(60, TimeUnit.SECONDS) && npm.exitValue() == 0;
        } catch (IOException noNpm) {
            return false;
        }
    }
}
