package io.github.databrickstelemetry.insight;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The page of a statement in the workspace's query history, or in a stand-in's. */
final class QueryProfileLink {

    private QueryProfileLink() {}

    /** The link, or null where the server's statement id is not known. */
    static @Nullable String of(FinishedStatement statement) {
        String id = statement.serverId();
        if (id == null) {
            return null;
        }
        Long workspace = statement.dataSource().workspaceId();
        return statement.dataSource().scheme() + "://" + statement.authority() + "/sql/history?queryId="
                + URLEncoder.encode(id, StandardCharsets.UTF_8)
                + "&queryStartTimeMs=" + statement.metric().timestampMillis()
                + (workspace == null ? "" : "&o=" + workspace);
    }
}
