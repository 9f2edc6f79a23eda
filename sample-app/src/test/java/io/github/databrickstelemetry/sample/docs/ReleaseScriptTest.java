package io.github.databrickstelemetry.sample.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The release script with a small repository and a stand-in for Maven, which makes one jar. */
class ReleaseScriptTest {

    private static final Path SCRIPT = Pages.ROOT.resolve("release");
    private static final String MAVEN = """
            #!/usr/bin/env bash
            echo "$@" >> "$CALLS"
            for argument in "$@"; do
              case $argument in
                -DaltDeploymentRepository=*) folder=${argument#*file:}; mkdir -p "$folder"
                  echo "${DIFFERS:+$folder}" > "$folder/one.jar";;
              esac
            done
            """;

    @TempDir
    Path folder;

    private Path checkout;

    private record Outcome(int code, String output) {}

    @BeforeEach
    void makeACheckout() throws Exception {
        assumeTrue(
                Stream.of(System.getenv("PATH").split(":", -1))
                        .anyMatch(path -> Files.isExecutable(Path.of(path, "git"))),
                "No git is installed, so the release script is not tried");
        checkout = Files.createDirectory(folder.resolve("checkout"));
        Files.copy(SCRIPT, checkout.resolve("release"), StandardCopyOption.COPY_ATTRIBUTES);
        Files.writeString(checkout.resolve("CHANGELOG.md"), "## [1.2.3]\n");
        Path maven = Files.createDirectory(folder.resolve("bin")).resolve("mvn");
        Files.writeString(maven, MAVEN);
        assertThat(maven.toFile().setExecutable(true)).isTrue();
        run(Map.of(), "git", "init", "-q");
        run(Map.of(), "git", "add", ".");
        run(Map.of(), "git", "-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-qm", "All");
    }

    @Test
    void makesARepositoryToUploadFromTwoEqualBuilds() throws Exception {
        Outcome outcome = run(Map.of(), "./release", "1.2.3", "-Dgpg.skip");

        assertThat(outcome.output()).contains("Ready to upload: 1 jars in target/release");
        assertThat(outcome.code()).isZero();
        assertThat(checkout.resolve("target/release/one.jar")).exists();
        assertThat(calls().filter(call -> call.contains("-DnewVersion=1.2.3"))).hasSize(2);
        assertThat(calls().filter(call -> call.contains("-Prelease") && call.endsWith("-Dgpg.skip")))
                .hasSize(2);
        assertThat(run(Map.of(), "git", "diff", "--stat").output()).isEmpty();
    }

    @Test
    void refusesBuildsThatDiffer() throws Exception {
        Outcome outcome = run(Map.of("DIFFERS", "yes"), "./release", "1.2.3");

        assertThat(outcome.output()).contains("The two builds differ");
        assertThat(outcome.code()).isNotZero();
        assertThat(checkout.resolve("target/release")).doesNotExist();
    }

    @Test
    void refusesAVersionThatTheChangelogDoesNotDescribe() throws Exception {
        Outcome outcome = run(Map.of(), "./release", "1.2.4");

        assertThat(outcome.output()).contains("CHANGELOG.md has no section [1.2.4]");
        assertThat(outcome.code()).isNotZero();
        assertThat(calls()).isEmpty();
    }

    @Test
    void refusesChangesThatAreNotCommitted() throws Exception {
        Files.writeString(checkout.resolve("CHANGELOG.md"), "## [1.2.3]\nmore\n");

        Outcome outcome = run(Map.of(), "./release", "1.2.3");

        assertThat(outcome.output()).contains("not committed");
        assertThat(outcome.code()).isNotZero();
        assertThat(calls()).isEmpty();
    }

    @Test
    void publishesTheModulesWhosePomStandsAlone() {
        List<String> published = Pattern.compile("(?m)^published=(.*)$")
                .matcher(Pages.read(SCRIPT))
                .results()
                .map(match -> match.group(1))
                .flatMap(modules -> Stream.of(modules.split(",", -1)))
                .toList();
        List<String> flattened = Pattern.compile("<module>(.*?)</module>")
                .matcher(Pages.read(Pages.ROOT.resolve("pom.xml")))
                .results()
                .map(match -> match.group(1))
                .filter(module -> Pages.read(Pages.ROOT.resolve(module).resolve("pom.xml"))
                        .contains("flatten-maven-plugin"))
                .toList();

        assertThat(published).containsExactlyInAnyOrderElementsOf(flattened);
    }

    @Test
    void theChangelogDescribesTheVersionThatIsBuilt() {
        String version = Objects.requireNonNull(Pattern.compile("<version>(.*?)-SNAPSHOT</version>")
                .matcher(Pages.read(Pages.ROOT.resolve("pom.xml")))
                .results()
                .findFirst()
                .orElseThrow()
                .group(1));

        assertThat(Pages.read(Pages.ROOT.resolve("CHANGELOG.md"))).contains("## [" + version + "]");
    }

    private Stream<String> calls() throws IOException {
        Path calls = folder.resolve("calls");
        return Files.exists(calls) ? Files.readAllLines(calls).stream() : Stream.empty();
    }

    private Outcome run(Map<String, String> environment, String... command) throws Exception {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(checkout.toFile()).redirectErrorStream(true);
        builder.environment().putAll(environment);
        builder.environment().put("PATH", folder.resolve("bin") + ":" + System.getenv("PATH"));
        builder.environment().put("CALLS", folder.resolve("calls").toString());
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Outcome(process.waitFor(), output);
    }
}
