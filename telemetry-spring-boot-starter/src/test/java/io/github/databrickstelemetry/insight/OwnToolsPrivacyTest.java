package io.github.databrickstelemetry.insight;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page on privacy names everything that the application's own tools show of a statement, and nothing else. */
class OwnToolsPrivacyTest {

    private static final Path SOURCES = Path.of("src/main/java/io/github/databrickstelemetry");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    @Test
    void namesEachAttributeAndEventOfASpan() throws IOException {
        assertThat(documented(2))
                .isEqualTo(names("insight/StatementSpans.java", "\"((?:db|server|error|databricks)\\.[a-z_.]+)\""));
    }

    @Test
    void namesEachKeyOfTheStatementLog() throws IOException {
        assertThat(documented(3)).isEqualTo(names("insight/StatementLog.java", "put\\(values, \"([^\"]+)\""));
    }

    @Test
    void namesEachFieldOfAStatementInTheEndpoint() throws IOException {
        assertThat(documented(4))
                .isEqualTo(names(
                        Files.readString(SOURCES.resolve("actuate/StatementReport.java"))
                                .replaceFirst("(?s).*statement\\(RecentStatement recent\\)", "")
                                .replaceFirst("(?s)Never the message.*", ""),
                        Pattern.compile("\\.with\\(\\s*\"([^\"]+)\"")));
    }

    /** The code in one column of the table. */
    private static Set<String> documented(int column) throws IOException {
        List<String> rows = Files.readAllLines(Path.of("..", "docs", "privacy.md")).stream()
                .dropWhile(line -> !line.startsWith("| what | traces |"))
                .skip(2)
                .takeWhile(line -> line.startsWith("|"))
                .toList();
        assertThat(rows).hasSizeGreaterThan(10);
        return rows.stream()
                .map(row -> Arrays.asList(row.split("\\|", -1)).get(column))
                .flatMap(cell -> CODE.matcher(cell).results())
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> names(String source, String pattern) throws IOException {
        return names(Files.readString(SOURCES.resolve(source)), Pattern.compile(pattern));
    }

    private static Set<String> names(String text, Pattern pattern) {
        Stream<String> names = pattern.matcher(text).results().map(match -> match.group(1));
        return names.collect(Collectors.toCollection(TreeSet::new));
    }
}
