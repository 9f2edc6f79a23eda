package io.github.databrickstelemetry.sample.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What Maven could be asked for here. The build cannot run itself, so a documented call is held against the modules, the
 * plugins with their goals and parameters, and the test classes that there are.
 */
final class Build {

    private static final Set<String> FLAGS = Set.of("-q", "-am", "-o", "-U", "-B", "-ntp", "-e");
    private static final Set<String> PHASES = Set.of("clean", "compile", "test", "package", "verify", "install");
    private static final Pattern MODULE = Pattern.compile("<module>(.*?)</module>");
    private static final Pattern PLUGIN = Pattern.compile("(?s)<groupId>([\\w.-]+)</groupId>\\s*"
            + "<artifactId>([\\w.-]*maven[\\w.-]*plugin)</artifactId>\\s*<version>\\$\\{([\\w.-]+)}</version>");

    /** A plugin that the build names, with its own description where Maven has already fetched it. */
    private record Plugin(String artifact, Optional<String> description) {

        boolean hasPrefix(String prefix) {
            return artifact.equals(prefix + "-maven-plugin") || artifact.equals("maven-" + prefix + "-plugin");
        }

        /** A plugin that Maven has not fetched, as in a build without {@code verify}, is believed. */
        boolean hasGoal(String goal) {
            return description
                    .map(xml -> xml.contains("<goal>" + goal + "</goal>"))
                    .orElse(true);
        }

        boolean reads(String property) {
            return description.map(xml -> xml.contains("${" + property + "}")).orElse(false);
        }
    }

    private final String pom = Pages.read(Pages.ROOT.resolve("pom.xml"));
    private final Set<String> modules;
    private final List<Plugin> plugins;

    Build() {
        modules = Set.copyOf(
                MODULE.matcher(pom).results().map(match -> match.group(1)).toList());
        plugins = PLUGIN.matcher(pom)
                .results()
                .map(match -> new Plugin(
                        match.group(2), description(match.group(1), match.group(2), property(match.group(3)))))
                .toList();
    }

    /** Fails unless every part of the call means something to this build. */
    void check(Shell.Call call) {
        List<String> asked = new ArrayList<>();
        List<String> inModules = new ArrayList<>();
        List<String> goals = new ArrayList<>();
        for (int i = 0; i < call.arguments().size(); i++) {
            String argument = call.arguments().get(i);
            if (argument.equals("-pl")) {
                i++;
                inModules.addAll(List.of(call.arguments().get(i).split(",", -1)));
            } else if (argument.startsWith("-D")) {
                asked.add(argument.substring(2));
            } else if (argument.startsWith("-")) {
                assertThat(FLAGS).as("Maven's options").contains(argument);
            } else {
                goals.add(argument);
            }
        }
        assertThat(modules).containsAll(inModules);
        assertThat(goals).isNotEmpty().allSatisfy(this::goal);
        asked.forEach(property -> property(property, inModules));
        call.exported().forEach(name -> activatesSomething(name, inModules));
    }

    private void goal(String goal) {
        String[] parts = goal.split(":", -1);
        if (parts.length == 1) {
            assertThat(PHASES).as("phases").contains(goal);
        } else {
            assertThat(plugins)
                    .as("plugins with the goal %s", goal)
                    .anyMatch(plugin -> plugin.hasPrefix(parts[0]) && plugin.hasGoal(parts[1]));
        }
    }

    private void property(String definition, List<String> inModules) {
        String name = definition.replaceFirst("=.*", "");
        if (name.equals("test")) {
            String testClass = definition.substring("test=".length());
            assertThat(inModules).as("modules with %s", testClass).anyMatch(module -> hasTest(module, testClass));
        } else if (name.startsWith("jazzer.")) {
            assertThat(inModules).as("modules with fuzz tests").contains("benchmarks");
        } else {
            assertThat(pom.contains("<" + name + ">") || plugins.stream().anyMatch(plugin -> plugin.reads(name)))
                    .as("something reads the property %s", name)
                    .isTrue();
        }
    }

    /** A variable either activates a profile, or is meant for the sample, which is tried with it. */
    private void activatesSomething(String variable, List<String> inModules) {
        boolean profile = (inModules.isEmpty() ? modules : inModules)
                .stream()
                        .map(module -> Pages.read(Pages.ROOT.resolve(module).resolve("pom.xml")))
                        .anyMatch(pom -> pom.contains("<name>env." + variable + "</name>"));
        assertThat(profile || inModules.contains("sample-app"))
                .as("something reads the variable %s", variable)
                .isTrue();
    }

    private static boolean hasTest(String module, String testClass) {
        try (Stream<Path> files = Files.walk(Pages.ROOT.resolve(module).resolve("src/test/java"))) {
            return files.anyMatch(file -> file.endsWith(testClass + ".java"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String property(String name) {
        Matcher matcher =
                Pattern.compile("<" + Pattern.quote(name) + ">(.*?)</").matcher(pom);
        if (!matcher.find()) {
            return fail("no property %s", name);
        }
        String value = matcher.group(1);
        return value.startsWith("${") ? property(value.substring(2, value.length() - 1)) : value;
    }

    /** Where Maven keeps what it fetched. Surefire says it; an editor does not. */
    static Path localRepository() {
        return Path.of(System.getProperty(
                "localRepository",
                Path.of(System.getProperty("user.home"), ".m2", "repository").toString()));
    }

    private static Optional<String> description(String group, String artifact, String version) {
        Path file = localRepository()
                .resolve(group.replace('.', '/'))
                .resolve(artifact)
                .resolve(version)
                .resolve(artifact + "-" + version + ".jar");
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try (JarFile jar = new JarFile(file.toFile());
                InputStream in = jar.getInputStream(jar.getJarEntry("META-INF/maven/plugin.xml"))) {
            return Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
