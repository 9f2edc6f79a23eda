package io.github.databrickstelemetry.export.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page on privacy names each field of the wire format, and no other. */
class PrivacyPageTest {

    private static final Path PAGE = Path.of("..", "docs", "privacy.md");
    private static final Pattern CODE = Pattern.compile("`([a-z_]+)`");
    /** Records that hold fields; they say nothing themselves. */
    private static final Set<String> PARTS = Set.of(
            "context",
            "client_context",
            "entry",
            "sql_driver_log",
            "system_configuration",
            "driver_connection_params",
            "host_info",
            "sql_operation",
            "chunk_details",
            "result_latency",
            "operation_detail",
            "error_info");

    private final JsonMapper mapper = WireFormat.DOCUMENTS;

    @Test
    void namesEachFieldThatTheWorkspaceReceives() throws IOException {
        Set<String> sent = new TreeSet<>();
        collect(FrontendLog.class, "", sent);
        sent.removeAll(PARTS);

        assertThat(sent).hasSizeGreaterThan(30);
        assertThat(documented()).containsAll(sent);
    }

    private void collect(Class<?> record, String prefix, Set<String> names) {
        JavaType type = mapper.constructType(record);
        for (BeanPropertyDefinition property :
                mapper.getSerializationConfig().introspect(type).findProperties()) {
            Class<?> value = property.getRawPrimaryType();
            boolean unwrapped = property.getName().equals("driver")
                    || property.getName().equals("runtime")
                    || property.getName().equals("os");
            if (!unwrapped && value != java.util.Map.class) {
                names.add(prefix + property.getName());
            }
            if (value.isRecord()) {
                collect(value, unwrapped ? property.getName() + "_" : "", names);
            }
        }
    }

    /** The code in the first column of the table of what the workspace receives. */
    private static Set<String> documented() throws IOException {
        String page = Files.readString(PAGE);
        String table = page.substring(page.indexOf("## What the workspace receives"), page.indexOf("## What your own"));
        Set<String> names = new TreeSet<>();
        table.lines()
                .filter(line -> line.startsWith("| `"))
                .map(line -> line.split("\\|", -1)[1])
                .forEach(cell -> CODE.matcher(cell).results().forEach(match -> names.add(match.group(1))));
        return names;
    }
}
