package io.github.databrickstelemetry.sample.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.springframework.util.FileSystemUtils;

/** An installed Chromium without a window, driven through its own debugging protocol. */
final class Browser implements AutoCloseable, WebSocket.Listener {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    // The flags after --disable-gpu keep it from asking the internet for anything.
    private static final List<String> FLAGS = List.of(
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--hide-scrollbars",
            "--remote-debugging-port=0",
            "--remote-allow-origins=*");

    /** Addresses that the page asked for. */
    final List<String> requests = new CopyOnWriteArrayList<>();
    /** The methods of those requests. */
    final List<String> methods = new CopyOnWriteArrayList<>();
    /** What the page complained about in its console. */
    final List<String> complaints = new CopyOnWriteArrayList<>();

    private final Map<Integer, CompletableFuture<JsonNode>> pending = new ConcurrentHashMap<>();
    private final AtomicInteger ids = new AtomicInteger();
    private final StringBuilder message = new StringBuilder();
    private final Path profile;
    private final Process process;
    private final WebSocket socket;

    private Browser(Path program) throws IOException, InterruptedException {
        profile = Files.createTempDirectory("sample-page");
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(FLAGS);
        command.add("--user-data-dir=" + profile);
        command.add("about:blank");
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        Path active = profile.resolve("DevToolsActivePort");
        Awaitility.await().atMost(PATIENCE).until(() -> Files.exists(active) && Files.size(active) > 0);
        String port = Files.readAllLines(active).get(0);
        HttpClient http = HttpClient.newHttpClient();
        JsonNode pages = JSON.readTree(http.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/json/list"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body());
        String address = pages.path(0).path("webSocketDebuggerUrl").asText();
        socket =
                http.newWebSocketBuilder().buildAsync(URI.create(address), this).join();
        Stream.of("Page.enable", "Runtime.enable", "Network.enable", "Log.enable")
                .forEach(method -> send(method, Map.of()));
    }

    /** Where Chromium is installed, if it is. */
    static Optional<Path> installed() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                .flatMap(folder -> Stream.of("chromium", "chromium-browser", "google-chrome")
                        .map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    static Browser start(Path program) {
        try {
            return new Browser(program);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    void window(int width, int height, boolean phone, boolean dark) {
        send(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", phone ? 2 : 1, "mobile", phone));
        media(Map.of("prefers-color-scheme", dark ? "dark" : "light"));
    }

    /** What the person prefers, instead of what was set before. */
    void media(Map<String, String> features) {
        send(
                "Emulation.setEmulatedMedia",
                Map.of(
                        "features",
                        features.entrySet().stream()
                                .map(feature -> Map.of("name", feature.getKey(), "value", feature.getValue()))
                                .toList()));
    }

    /** Runs a script in each page before the page's own. */
    void beforeEachPage(String script) {
        send("Page.addScriptToEvaluateOnNewDocument", Map.of("source", script));
    }

    /** As when a session has ended: the page has no cookie any more. */
    void forgetCookies() {
        send("Network.clearBrowserCookies", Map.of());
    }

    /** Bytes on the heap of the page's scripts that are in use. */
    long heap() {
        long least = Long.MAX_VALUE;
        for (int times = 0; times < 6; times++) {
            send("HeapProfiler.collectGarbage", Map.of());
            least = Math.min(
                    least,
                    send("Runtime.getHeapUsage", Map.of()).path("usedSize").asLong());
        }
        return least;
    }

    /** Ends it as a crash does: the page gets no chance to say goodbye. */
    void kill() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    void open(String address) {
        send("Page.navigate", Map.of("url", address));
    }

    /** The value of an expression. */
    JsonNode evaluate(String expression) {
        JsonNode answer = send("Runtime.evaluate", Map.of("expression", expression, "returnByValue", true));
        if (answer.has("exceptionDetails")) {
            throw new IllegalStateException(answer.path("exceptionDetails").toString());
        }
        return answer.path("result").path("value");
    }

    String text(String selector) {
        return evaluate("document.querySelector('" + selector + "')?.textContent ?? ''")
                .asText();
    }

    /** Clicks with the mouse in the middle of an element. */
    void click(String selector) {
        JsonNode at = evaluate("(() => { const e = document.querySelector('" + selector
                + "'); e.scrollIntoView({block: 'center'}); const r = e.getBoundingClientRect();"
                + " return {x: r.x + r.width / 2, y: r.y + r.height / 2}; })()");
        for (String type : List.of("mousePressed", "mouseReleased")) {
            send(
                    "Input.dispatchMouseEvent",
                    Map.of(
                            "type",
                            type,
                            "x",
                            at.path("x").asDouble(),
                            "y",
                            at.path("y").asDouble(),
                            "button",
                            "left",
                            "clickCount",
                            1));
        }
    }

    /** Presses one key, such as {@code Tab} or {@code Enter}. */
    void press(String key, int code) {
        String text = key.equals("Enter") ? "\r" : "";
        send(
                "Input.dispatchKeyEvent",
                Map.of("type", "keyDown", "key", key, "code", key, "windowsVirtualKeyCode", code, "text", text));
        send("Input.dispatchKeyEvent", Map.of("type", "keyUp", "key", key, "code", key, "windowsVirtualKeyCode", code));
    }

    /** Lets the page's clock run on by so many milliseconds, as fast as its requests are answered. */
    void advance(int millis) {
        send("Emulation.setVirtualTimePolicy", Map.of("policy", "pauseIfNetworkFetchesPending", "budget", millis));
    }

    /** A picture of the whole page. */
    void picture(Path file) {
        JsonNode picture = send("Page.captureScreenshot", Map.of("format", "png", "captureBeyondViewport", true));
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.write(file, Base64.getDecoder().decode(picture.path("data").asText()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private JsonNode send(String method, Map<String, Object> parameters) {
        int id = ids.incrementAndGet();
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        pending.put(id, answer);
        ObjectNode command = JSON.createObjectNode().put("id", id).put("method", method);
        command.set("params", JSON.valueToTree(parameters));
        socket.sendText(command.toString(), true).join();
        return answer.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    }

    @Override
    public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
        message.append(data);
        if (last) {
            String whole = message.toString();
            message.setLength(0);
            try {
                received(JSON.readTree(whole));
            } catch (IOException e) {
                complaints.add(e.toString());
            }
        }
        webSocket.request(1);
        return CompletableFuture.completedFuture(null);
    }

    private void received(JsonNode event) {
        JsonNode parameters = event.path("params");
        CompletableFuture<JsonNode> answer = pending.remove(event.path("id").asInt());
        if (answer != null) {
            answer.complete(event.path("result"));
        }
        switch (event.path("method").asText()) {
            case "Network.requestWillBeSent" -> {
                requests.add(parameters.path("request").path("url").asText());
                methods.add(parameters.path("request").path("method").asText());
            }
            case "Runtime.exceptionThrown" -> complaints.add(parameters.toString());
            case "Log.entryAdded" -> {
                if (parameters.path("entry").path("level").asText().equals("error")) {
                    complaints.add(parameters.path("entry").toString());
                }
            }
            default -> {}
        }
    }

    @Override
    public void close() {
        socket.abort();
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
            FileSystemUtils.deleteRecursively(profile);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            // A process of the browser still writes there. The system clears temporary folders away.
        }
    }
}
