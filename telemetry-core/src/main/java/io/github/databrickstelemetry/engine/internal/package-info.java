/**
 * The engine: worker, event queue, pipeline of one client, export scheduler, send gate.
 */
@NullMarked
package io.github.databrickstelemetry.engine.internal;

import org.jspecify.annotations.NullMarked;
