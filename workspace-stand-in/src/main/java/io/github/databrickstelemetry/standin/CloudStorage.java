package io.github.databrickstelemetry.standin;

import java.io.IOException;

/** The cloud storage that holds the Arrow chunks of results, on the workspace's own port. */
final class CloudStorage {

    static final String ROOT = "/cloud/";

    private final String host;
    private final Warehouse warehouse;

    /** A storage at this {@code host:port} for the results of this warehouse. */
    CloudStorage(String host, Warehouse warehouse) {
        this.host = host;
        this.warehouse = warehouse;
    }

    /** The link to one chunk of a statement's result. */
    String link(ServerStatement statement, int chunk) {
        return "http://" + host + ROOT + statement.id() + "/" + chunk;
    }

    /** The response to a request for a link's path. */
    Reply respond(String path) throws IOException {
        String[] parts = path.split("/", -1);
        ServerStatement statement = parts.length == 4 ? warehouse.statement(parts[2]) : null;
        if (statement == null || !(statement.outcome() instanceof Answer.Rows rows)) {
            return Reply.notFound("The chunk");
        }
        boolean compressed = SeaApi.isCompressed(statement, rows);
        byte[] chunk = ArrowChunks.stream(rows, Integer.parseInt(parts[3]), compressed);
        return new Reply(200, "application/octet-stream", chunk);
    }
}
