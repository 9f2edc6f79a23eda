package io.github.databrickstelemetry.workspace.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.databrickstelemetry.runtime.internal.TelemetryClock;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.client.ClientHttpResponse;

/**
 * A response over HTTP/1.1, of a workspace or of something on the way to it. Its head is complete. Its body may be cut
 * short, by a limit, the deadline or the peer, because the status counts without it.
 */
public final class WorkspaceResponse implements ClientHttpResponse {

    /** Far more than either service sends. */
    private static final int LONGEST_BODY = 1 << 20;

    private static final int LONGEST_HEAD = 1 << 16;
    private static final int LONGEST_CHUNK_LINE = 256;
    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.[01] ([1-9][0-9]{2})(?: .*)?");
    private static final Pattern CHUNK_SIZE = Pattern.compile("([0-9A-Fa-f]{1,8})\\s*(?:;.*)?");

    private final int status;
    private final HttpHeaders headers;
    private byte[] body;

    /** A response that has been received. */
    public WorkspaceResponse(int status, HttpHeaders headers, byte[] body) {
        this.status = status;
        this.headers = headers;
        this.body = body;
    }

    /** Reads up to and with the empty line; interim responses (1xx) are skipped. */
    static WorkspaceResponse readHead(InputStream in) throws IOException {
        WorkspaceResponse head = readOneHead(in);
        while (head.status < 200) {
            if (head.status == 101) {
                throw new IOException("unexpected change of protocol");
            }
            head = readOneHead(in);
        }
        return head;
    }

    private static WorkspaceResponse readOneHead(InputStream in) throws IOException {
        String line = readLine(in, LONGEST_HEAD);
        int left = LONGEST_HEAD - line.length() - 1;
        Matcher statusLine = STATUS_LINE.matcher(line.strip());
        if (!statusLine.matches()) {
            throw new IOException("no HTTP/1.1");
        }
        HttpHeaders headers = new HttpHeaders();
        while (!line.isEmpty() && !line.equals("\r")) {
            line = readLine(in, left);
            left -= line.length() + 1;
            int colon = line.indexOf(':');
            if (colon > 0) {
                headers.add(
                        line.substring(0, colon).strip(),
                        line.substring(colon + 1).strip());
            }
        }
        return new WorkspaceResponse(Integer.parseInt(statusLine.group(1)), headers, new byte[0]);
    }

    /** Reads the body as far as it is received. No response of the peer makes it throw. */
    void readBody(InputStream in) {
        if (status == 204 || status == 304) {
            return;
        }
        ByteArrayOutputStream received = new ByteArrayOutputStream();
        try {
            if (header("Transfer-Encoding").toLowerCase(Locale.ROOT).endsWith("chunked")) {
                copyChunks(in, received);
            } else {
                String length = header("Content-Length");
                copy(in, length.matches("[0-9]{1,9}") ? Integer.parseInt(length) : LONGEST_BODY, received);
            }
        } catch (IOException cutShort) {
            // The status and the bytes received so far count.
        }
        body = received.toByteArray();
        if (header("Content-Encoding").toLowerCase(Locale.ROOT).endsWith("gzip")) {
            unzip();
        }
    }

    private String header(String name) {
        return Objects.requireNonNullElse(headers.getFirst(name), "");
    }

    private static void copy(InputStream in, int count, ByteArrayOutputStream to) throws IOException {
        byte[] buffer = new byte[4096];
        int left = Math.min(count, LONGEST_BODY - to.size());
        while (left > 0) {
            int read = in.read(buffer, 0, Math.min(left, buffer.length));
            if (read < 0) {
                throw new EOFException("cut short");
            }
            to.write(buffer, 0, read);
            left -= read;
        }
    }

    private static void copyChunks(InputStream in, ByteArrayOutputStream to) throws IOException {
        while (to.size() < LONGEST_BODY) {
            Matcher size = CHUNK_SIZE.matcher(readLine(in, LONGEST_CHUNK_LINE).strip());
            if (!size.matches()) {
                throw new IOException("no chunk");
            }
            long length = Long.parseLong(size.group(1), 16);
            if (length == 0) {
                return;
            }
            copy(in, (int) Math.min(length, LONGEST_BODY), to);
            readLine(in, LONGEST_CHUNK_LINE);
        }
    }

    /** The next line with all that is in it but its newline, which does not count to its length. */
    private static String readLine(InputStream in, int longest) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("cut short");
            }
            if (line.length() >= longest) {
                throw new IOException("line too long");
            }
            line.append((char) b);
        }
        return line.toString();
    }

    /** Decompresses the body, although no compression was requested. What is not gzip stays as it is. */
    private void unzip() {
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(body))) {
            copy(in, LONGEST_BODY, plain);
        } catch (IOException end) {
            // What could be decompressed counts.
        }
        body = plain.size() == 0 ? body : plain.toByteArray();
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** Whether the status is 2xx. */
    public boolean isSuccess() {
        return status >= 200 && status < 300;
    }

    /** Whether the body begins as a JSON object does. A gateway's page does not. */
    public boolean isJsonObject() {
        return text().startsWith("{");
    }

    /** Whether there is no body, or none but white space. */
    public boolean isEmpty() {
        return text().isEmpty();
    }

    /** The body as JSON. Missing without a body. */
    public JsonNode json() throws IOException {
        // Made for each of the few responses: a mapper that is kept holds on to the class loaders of what it has read.
        return new JsonMapper().readTree(body);
    }

    /**
     * The milliseconds that {@code Retry-After} asks to wait, in seconds or as a date; 0 where the header is missing or
     * cannot be read. A date counts relative to the response's own {@code Date}, because the two machines' clocks may
     * differ.
     *
     * @param longest what is asked for beyond this is cut
     */
    public long retryAfterMillis(Duration longest, TelemetryClock clock) {
        long most = longest.toMillis();
        String value = header("Retry-After").strip();
        if (value.matches("[0-9]+")) {
            boolean small = value.matches("0*[0-9]{1,9}");
            return small ? Math.min(most, Integer.parseInt(value) * 1000L) : most;
        }
        Long until = epochMillis(value);
        if (until == null) {
            return 0;
        }
        Long sent = epochMillis(header("Date").strip());
        return Math.max(0, Math.min(most, until - (sent == null ? clock.epochMillis() : sent)));
    }

    private static @Nullable Long epochMillis(String date) {
        try {
            return ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant()
                    .toEpochMilli();
        } catch (DateTimeException | ArithmeticException unreadable) {
            return null;
        }
    }

    private String text() {
        int length = Math.min(body.length, 256);
        return new String(body, 0, length, StandardCharsets.UTF_8)
                .replace("\uFEFF", "")
                .strip();
    }

    /** Without the body, which is foreign. */
    @Override
    public String toString() {
        return "WorkspaceResponse[" + status + "]";
    }

    // As Spring's client sees it.

    @Override
    public HttpStatusCode getStatusCode() {
        return HttpStatusCode.valueOf(status);
    }

    @Override
    public String getStatusText() {
        return "";
    }

    @Override
    public HttpHeaders getHeaders() {
        return headers;
    }

    @Override
    public InputStream getBody() {
        return new ByteArrayInputStream(body);
    }

    @Override
    public void close() {
        // Everything is in memory.
    }
}
