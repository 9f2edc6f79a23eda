package io.github.databrickstelemetry.sample.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;

/**
 * Lets bash run what the pages say, in an empty folder and with stand-ins for the known programs that only write down
 * how they were called. Any other program is not found, which fails the script.
 */
final class Shell {

    static final Path BASH = Path.of("/bin/bash");

    private static final List<String> PROGRAMS = List.of("mvn", "curl");
    private static final List<String> SCRIPTS = List.of("benchmarks/run", "benchmarks/soak", ".ci/run");
    private static final String CALL = "\u001e";
    private static final String PART = "\u001f";
    private static final String STAND_IN = """
            #!/bin/bash
            {
              printf '\\x1e%s\\x1f' "${0#"$FOLDER"/bin/}"
              compgen -e | while read -r name; do printf '%s ' "$name"; done
              for argument; do printf '\\x1f%s' "$argument"; done
            } >>"$FOLDER/calls"
            """;
    /** What bash itself exports. */
    private static final List<String> OWN = List.of("FOLDER", "PATH", "PWD", "OLDPWD", "SHLVL", "_");

    /**
     * One program that was called.
     *
     * @param exported names of the variables that the script gave it
     */
    record Call(String program, List<String> exported, List<String> arguments) {

        String commandLine() {
            return program + " " + String.join(" ", arguments);
        }
    }

    /** What became of a script: what bash itself said, nothing if all went well, and what was called. */
    record Outcome(String complaint, List<Call> calls) {}

    private Shell() {}

    static Outcome run(String script, Path folder) throws IOException, InterruptedException {
        Files.createDirectory(folder.resolve("bin"));
        for (String program : PROGRAMS) {
            standIn(folder.resolve("bin").resolve(program));
        }
        for (String name : SCRIPTS) {
            standIn(folder.resolve(name));
        }
        Path said = folder.resolve("said");
        ProcessBuilder builder = new ProcessBuilder(BASH.toString(), "-eu", "-c", script)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile());
        builder.environment().clear();
        builder.environment().put("PATH", folder.resolve("bin").toString());
        builder.environment().put("FOLDER", folder.toString());
        int code = builder.start().waitFor();
        Path calls = folder.resolve("calls");
        return new Outcome(
                Files.readString(said) + (code == 0 ? "" : "exit code " + code),
                Files.exists(calls) ? parse(Files.readString(calls)) : List.of());
    }

    private static void standIn(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, STAND_IN);
        if (!file.toFile().setExecutable(true)) {
            throw new IOException("cannot make executable: " + file);
        }
    }

    private static List<Call> parse(String text) {
        List<Call> calls = new ArrayList<>();
        for (String call : text.substring(CALL.length()).split(CALL, -1)) {
            List<String> parts = Arrays.asList(call.split(PART, -1));
            TreeSet<String> exported =
                    new TreeSet<>(Arrays.asList(parts.get(1).strip().split(" ", -1)));
            OWN.forEach(exported::remove);
            calls.add(new Call(parts.get(0), List.copyOf(exported), parts.subList(2, parts.size())));
        }
        return calls;
    }
}
