/** The controls beside the live page: what the workspace received, its failures, the load, and an outage that plays by itself. */
@NullMarked
package io.github.databrickstelemetry.sample.controls;

import org.jspecify.annotations.NullMarked;
