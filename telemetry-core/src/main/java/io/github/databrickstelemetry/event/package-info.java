/**
 * Events of sessions and statements, and the emitter that applications and instrumentation call.
 */
@NullMarked
package io.github.databrickstelemetry.event;

import org.jspecify.annotations.NullMarked;
