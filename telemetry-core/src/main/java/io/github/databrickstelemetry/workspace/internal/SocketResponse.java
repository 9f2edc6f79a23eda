package io.github.databrickstelemetry.workspace.internal;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.client.ClientHttpResponse;

/** An HTTP/1.1 response. Its head is complete. Its body may be cut short, because the status counts without it. */
final class SocketResponse implements ClientHttpResponse {

    /** Far more than either service sends. */
    private static final int LONGEST_BODY = 1 << 20;

    private static final int LONGEST_HEAD = 1 << 16;
    private static final int LONGEST_CHUNK_LINE = 256;
    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.[01] ([1-9][0-9]{2})(?: .*)?");
    private static final Pattern CHUNK_SIZE = Pattern.compile("([0-9A-Fa-f]{1,8})\\s*(?:;.*)?");

    private final int status;
    private final HttpHeaders headers;
    private byte[] body = {};

    private SocketResponse(int status, HttpHeaders headers) {
        this.status = status;
        this.headers = headers;
    }

    /** Reads up to and with the empty line; interim responses (1xx) are skipped. */
    static SocketResponse readHead(InputStream in) throws IOException {
        SocketResponse head = readOneHead(in);
        while (head.status < 200) {
            if (head.status == 101) {
                throw new IOException("unexpected change of protocol");
            }
            head = readOneHead(in);
        }
        return head;
    }

    private static SocketResponse readOneHead(InputStream in) throws IOException {
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
        return new SocketResponse(Integer.parseInt(statusLine.group(1)), headers);
    }

    /** Reads the body as far as it is received. No response of the peer makes it throw. */
    void readBody(InputStream in) {
        if (status == 204 || status == 304) {
            return;
        }
        ByteArrayOutputStream received = new ByteArrayOutputStream();
        try {
            if (header("Transfer-Encoding").endsWith("chunked")) {
                copyChunks(in, received);
            } else {
                String length = header("Content-Length");
                copy(in, length.matches("[0-9]{1,9}") ? Integer.parseInt(length) : LONGEST_BODY, received);
            }
        } catch (IOException cutShort) {
            // The status and the bytes received so far count.
        }
        body = received.toByteArray();
        if (header("Content-Encoding").endsWith("gzip")) {
            unzip();
        }
    }

    private String header(String name) {
        String value = headers.getFirst(name);
        return value == null ? "" : value.toLowerCase(Locale.ROOT);
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
