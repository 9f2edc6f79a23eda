/**
 * Where metrics go: the exporter and the result of an export.
 */
@NullMarked
package io.github.databrickstelemetry.export;

import org.jspecify.annotations.NullMarked;
