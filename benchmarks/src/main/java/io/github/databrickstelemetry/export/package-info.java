/** In the exporter's package, because the encoder is package-private. */
@NullMarked
package io.github.databrickstelemetry.export;

import org.jspecify.annotations.NullMarked;
