/**
 * The finished metric, and the reasons for which an event or a metric is dropped.
 */
@NullMarked
package io.github.databrickstelemetry.aggregate;

import org.jspecify.annotations.NullMarked;
