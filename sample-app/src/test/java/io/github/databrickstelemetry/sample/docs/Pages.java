package io.github.databrickstelemetry.sample.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the repository says to people. */
final class Pages {

    /** The repository's top folder, whichever of the sample's two modules runs this. */
    static final Path ROOT = root();

    private static final Pattern FENCE =
            Pattern.compile("(?ms)(?:^<!-- answer: ([^>]*) -->\\n\\n)?^( *)```(\\w*)\\n(.*?)^ *```$");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final Pattern COMMAND =
            Pattern.compile("([A-Z0-9_]+=\\S+ )*(mvn|curl|git|java|docker|npm|(benchmarks|\\.ci)/[a-z]+)( .*)?");

    /** Shell commands that stand together, and so share their environment. */
    record Script(Path page, String text) {
        @Override
        public String toString() {
            return ROOT.relativize(page) + ": " + text.lines().findFirst().orElse("");
        }
    }

    /**
     * A fenced block.
     *
     * @param answerOf what the comment above says that it is the answer of; empty without one
     */
    record Block(String answerOf, String language, String text) {}

    private Pages() {}

    /** Every shell block, and every command within a sentence, of every page. */
    static List<Script> scripts() {
        return all().flatMap(page -> Stream.concat(
                                blocks(page).stream()
                                        .filter(block -> block.language().equals("bash"))
                                        .map(Block::text),
                                code(page).filter(Pages::isCommand))
                        .map(text -> new Script(page, text)))
                .toList();
    }

    /** Whether somebody would paste it into a shell. */
    static boolean isCommand(String text) {
        return COMMAND.matcher(text).matches();
    }

    static List<Block> blocks(Path page) {
        return FENCE.matcher(read(page))
                .results()
                .map(match -> new Block(
                        match.group(1) == null ? "" : match.group(1),
                        match.group(3),
                        match.group(4).replaceAll("(?m)^" + match.group(2), "")))
                .toList();
    }

    /** What stands between backticks in the sentences and tables of a page. */
    static Stream<String> code(Path page) {
        return CODE.matcher(FENCE.matcher(read(page)).replaceAll("")).results().map(match -> match.group(1));
    }

    static Stream<Path> all() {
        try (Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
            return Stream.concat(
                    Stream.of("README.md", "CONTRIBUTING.md").map(ROOT::resolve),
                    docs.filter(page -> page.toString().endsWith(".md")).sorted())
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String read(Path page) {
        try {
            return Files.readString(page);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("CONTRIBUTING.md"))) {
            folder = Objects.requireNonNull(folder.getParent(), "not within the repository");
        }
        return folder;
    }
}
