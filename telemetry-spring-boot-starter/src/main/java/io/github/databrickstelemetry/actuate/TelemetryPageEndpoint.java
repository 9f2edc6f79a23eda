package io.github.databrickstelemetry.actuate;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;

/**
 * The endpoint {@code databrickstelemetryui}: one HTML page that shows what the endpoint {@code databrickstelemetry}
 * answers, and reads nothing else. Styles, scripts and the chart library stand inside. Its content security policy names
 * the hashes of the two, so that the browser runs nothing else. Thread-safe.
 */
@WebEndpoint(id = "databrickstelemetryui")
public final class TelemetryPageEndpoint {

    /** Of the webjar org.webjars.npm:uplot; the build unpacks it beside the page's own files. */
    private static final String CHART_STYLE = "uPlot.min.css";

    private static final String CHART_SCRIPT = "uPlot.iife.min.js";

    /** In the order in which they need each other. */
    private static final List<String> SCRIPTS =
            List.of("format.js", "model.js", "story.js", "charts.js", "view.js", "statements.js", "page.js");

    /** The page, in UTF-8. */
    @ReadOperation(produces = "text/html;charset=UTF-8")
    public Resource page() throws IOException {
        return new ByteArrayResource(html().getBytes(StandardCharsets.UTF_8));
    }

    static String html() throws IOException {
        String style = read(CHART_STYLE) + read("page.css");
        StringBuilder script = new StringBuilder(read(CHART_SCRIPT)).append("\n(() => {\n'use strict';\n");
        for (String part : SCRIPTS) {
            script.append(read(part));
        }
        script.append("})();\n");
        String policy = "default-src 'none'; script-src " + hash(script.toString()) + "; style-src " + hash(style)
                + "; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'";
        return read("page.html")
                .replace("{{policy}}", policy)
                .replace("{{style}}", style)
                .replace("{{script}}", script);
    }

    private static String read(String name) throws IOException {
        return new ClassPathResource("page/" + name, TelemetryPageEndpoint.class)
                .getContentAsString(StandardCharsets.UTF_8);
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
