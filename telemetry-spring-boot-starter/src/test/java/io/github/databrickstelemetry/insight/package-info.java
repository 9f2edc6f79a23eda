/** Tests of traces, the statement log and recent statements. */
@NullMarked
package io.github.databrickstelemetry.insight;

import org.jspecify.annotations.NullMarked;
