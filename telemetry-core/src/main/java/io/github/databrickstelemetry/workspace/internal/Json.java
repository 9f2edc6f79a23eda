package io.github.databrickstelemetry.workspace.internal;

import com.fasterxml.jackson.databind.json.JsonMapper;

/** The mapper that writes requests to workspaces and reads their responses. */
public final class Json {

    /** Thread-safe. Made with its first use, which is on a thread of the engine. */
    public static final JsonMapper MAPPER = JsonMapper.builder().build();

    private Json() {}
}
