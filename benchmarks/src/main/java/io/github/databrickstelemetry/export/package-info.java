/** In the exporter's package, because the encoder is nobody else's. */
@NullMarked
package io.github.databrickstelemetry.export;

import org.jspecify.annotations.NullMarked;
