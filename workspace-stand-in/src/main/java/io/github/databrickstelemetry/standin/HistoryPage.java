package io.github.databrickstelemetry.standin;

import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The page that a link to a query profile opens: {@code /sql/history?queryId=}. */
final class HistoryPage {

    static final String PATH = "/sql/history";

    private static final Pattern QUERY_ID = Pattern.compile("(?:^|&)queryId=([^&]*)");
    private static final int NEWEST = 50;

    private HistoryPage() {}

    /** The statement that the query string names; without one, the newest statements. */
    static Reply of(Warehouse warehouse, @Nullable String query) {
        Matcher id = QUERY_ID.matcher(query == null ? "" : query);
        if (id.find()) {
            ServerStatement statement = warehouse.statement(id.group(1));
            return statement == null
                    ? page(404, "<p>No statement of this id ran in the last time.")
                    : page(200, describe(statement));
        }
        StringBuilder list = new StringBuilder("<ul>");
        List<ServerStatement> all = warehouse.statements();
        for (int i = all.size() - 1; i >= Math.max(0, all.size() - NEWEST); i--) {
            ServerStatement statement = all.get(i);
            list.append("<li><a href=\"" + PATH + "?queryId=" + statement.id() + "\">" + statement.id() + "</a> "
                    + statement.state() + " " + statement.durationMillis() + " ms");
        }
        return page(200, list.append("</ul>").toString());
    }

    private static String describe(ServerStatement statement) {
        return "<dl><dt>Statement id<dd>" + statement.id() + "<dt>Session id<dd>" + text(statement.sessionId())
                + "<dt>State<dd>" + statement.state() + "<dt>Started<dd>"
                + Instant.ofEpochMilli(statement.startMillis()) + "<dt>Duration<dd>" + statement.durationMillis()
                + " ms<dt>Statement<dd><pre>" + text(statement.sql()) + "</pre></dl><p><a href=\"" + PATH
                + "\">All statements</a>";
    }

    private static Reply page(int status, String content) {
        return Reply.html(
                status,
                "<!doctype html><html lang=\"en\"><title>Query history</title>"
                        + "<style>body{font:16px system-ui;margin:2rem;color-scheme:light dark}dt{color:gray}"
                        + "dd{margin:0 0 1rem}pre{white-space:pre-wrap}</style><h1>Query history of the stand-in</h1>"
                        + content);
    }

    private static String text(String raw) {
        return raw.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
