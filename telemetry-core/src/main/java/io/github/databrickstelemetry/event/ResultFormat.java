package io.github.databrickstelemetry.event;

/** How a result came back ({@code execution_result}). */
public enum ResultFormat {
    /** Not known; left out on the wire. */
    FORMAT_UNSPECIFIED,
    INLINE_ARROW,
    INLINE_JSON,
    /** CloudFetch: chunks downloaded from links to cloud storage. */
    EXTERNAL_LINKS,
    COLUMNAR_INLINE
}
