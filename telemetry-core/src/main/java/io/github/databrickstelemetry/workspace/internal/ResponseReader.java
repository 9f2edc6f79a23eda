package io.github.databrickstelemetry.workspace.internal;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.springframework.http.HttpHeaders;

/**
 * Reads HTTP/1.1 responses. A head must be complete. A body may be cut short, because the status counts without it.
 * Stateless.
 */
final class ResponseReader {

    /** Far more than either service sends. */
    private static final int LONGEST_BODY = 1 << 20;

    private static final int LONGEST_HEAD = 1 << 16;
    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.[01] ([1-9][0-9]{2})(?: .*)?");
    private static final Pattern CHUNK_SIZE = Pattern.compile("([0-9A-Fa-f]{1,8})\\s*(?:;.*)?");

    private ResponseReader() {}

    /** The start of a response. */
    record Head(int status, HttpHeaders headers) {

        boolean hasBody() {
            return status != 204 && status != 304;
        }
    }

    /** Reads up to and with the empty line; interim responses (1xx) are skipped. */
    static Head readHead(InputStream in) throws IOException {
        while (true) {
            Head head = parse(readLines(in));
            if (head.status >= 200) {
                return head;
            }
            if (head.status == 101) {
                throw new IOException("unexpected change of protocol");
            }
        }
    }

    private static String[] readLines(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream(512);
        int newlines = 0;
        while (newlines < 2) {
            int b = in.read();
            if (b < 0) {
                throw new EOFException("no response");
            }
            if (head.size() == LONGEST_HEAD) {
                throw new IOException("head too long");
            }
            head.write(b);
            newlines = b == '\n' ? newlines + 1 : b == '\r' ? newlines : 0;
        }
        return head.toString(StandardCharsets.ISO_8859_1).split("\r?\n");
    }

    private static Head parse(String[] lines) throws IOException {
        Matcher status = STATUS_LINE.matcher(lines.length == 0 ? "" : lines[0]);
        if (!status.matches()) {
            throw new IOException("no HTTP/1.1");
        }
        HttpHeaders headers = new HttpHeaders();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            if (colon > 0) {
                headers.add(
                        lines[i].substring(0, colon).strip(),
                        lines[i].substring(colon + 1).strip());
            }
        }
        return new Head(Integer.parseInt(status.group(1)), headers);
    }

    /** The body as far as it was received, uncompressed. No response of the peer makes it throw. */
    static byte[] readBody(Head head, InputStream in) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        try {
            if (!head.hasBody()) {
                return new byte[0];
            }
            if (lower(head, "Transfer-Encoding").endsWith("chunked")) {
                copyChunks(in, body);
            } else {
                String length = lower(head, "Content-Length");
                copy(in, length.matches("[0-9]{1,9}") ? Integer.parseInt(length) : LONGEST_BODY, body);
            }
        } catch (IOException cutShort) {
            // The status and the bytes received so far count.
        }
        return lower(head, "Content-Encoding").endsWith("gzip") ? unzipped(body.toByteArray()) : body.toByteArray();
    }

    private static String lower(Head head, String name) {
        String value = head.headers.getFirst(name);
        return value == null ? "" : value.strip().toLowerCase(Locale.ROOT);
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
            Matcher size = CHUNK_SIZE.matcher(readLine(in));
            if (!size.matches()) {
                throw new IOException("no chunk");
            }
            long length = Long.parseLong(size.group(1), 16);
            if (length == 0) {
                return;
            }
            copy(in, (int) Math.min(length, LONGEST_BODY), to);
            readLine(in);
        }
    }

    private static String readLine(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0 || line.length() > 256) {
                throw new EOFException("cut short");
            }
            line.append((char) b);
        }
        return line.toString().strip();
    }

    /** Decompresses a body, although no compression was requested; unchanged if it is not gzip. */
    private static byte[] unzipped(byte[] compressed) {
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(compressed))) {
            copy(in, LONGEST_BODY, plain);
        } catch (IOException end) {
            return plain.size() == 0 ? compressed : plain.toByteArray();
        }
        return plain.toByteArray();
    }
}
