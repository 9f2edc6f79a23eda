package io.github.databrickstelemetry.workspace.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.databrickstelemetry.workspace.WorkspaceHost;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WorkspaceHostTest {

    @ParameterizedTest
    @CsvSource({
        "adb-1.azuredatabricks.net,         adb-1.azuredatabricks.net:443",
        "ADB-1.AzureDatabricks.NET,         adb-1.azuredatabricks.net:443",
        "https://adb-1.azuredatabricks.net/,adb-1.azuredatabricks.net:443",
        "HTTPS://h.example.com:443,         h.example.com:443",
        "http://h.example.com,              h.example.com:80",
        "h.example.com.,                    h.example.com:443",
        "h.example.com.:8443/,              h.example.com:8443",
        "[::1]:8443,                        [0:0:0:0:0:0:0:1]:8443",
        "[0:0:0:0:0:0:0:1]:8443,            [0:0:0:0:0:0:0:1]:8443",
        "[::ffff:127.0.0.1],                127.0.0.1:443",
        "10.0.0.1,                          10.0.0.1:443",
    })
    void normalises(String written, String key) {
        assertThat(WorkspaceHost.parse(written).key()).isEqualTo(key);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                " h.example.com",
                "h.example.com\n",
                "h.example.com\r\nX-Injected: 1",
                "h.example.com\t",
                "h.example.com//",
                "h.example.com/path",
                "h.example.com?x=1",
                "h.example.com#x",
                "user@h.example.com",
                "user:password@h.example.com",
                "h\u200b.example.com",
                "\ufeffh.example.com",
                "h\u00e4.example.com",
                "h.example.com\u0000",
                "h..example.com",
                "-h.example.com",
                ".",
                "h.example.com:",
                "h.example.com:0",
                "h.example.com:65536",
                "h.example.com:-1",
                "h.example.com:443:443",
                "ftp://h.example.com",
                "https://",
                "https://https://h.example.com",
                "//h.example.com",
                "h.example.com%2eevil.com",
                "h.example.com\\@evil.com",
                "[fe80::1%eth0]",
                "[:::::]",
                "[1.2.3.4]",
                "2130706433",
                "127.1",
                "010.0.0.1",
                "0x7f.0.0.1",
                "0177.0.0.0x1",
                "256.1.1.1",
                "a b.example.com"
            })
    void refusesAnythingElse(String written) {
        assertThatThrownBy(() -> WorkspaceHost.parse(written))
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .as("never repeats what may be a secret")
                .matches("A host is written host\\[:port]|A port is between 1 and 65535");
    }

    @Test
    void goesToItsPortByItsScheme() {
        assertThat(WorkspaceHost.parse("h.example.com").baseUrl()).isEqualTo("https://h.example.com");
        assertThat(WorkspaceHost.parse("http://h.example.com:8080").baseUrl()).isEqualTo("http://h.example.com:8080");
        assertThat(WorkspaceHost.parse("http://h.example.com")).isNotEqualTo(WorkspaceHost.parse("h.example.com:80"));
    }
}
