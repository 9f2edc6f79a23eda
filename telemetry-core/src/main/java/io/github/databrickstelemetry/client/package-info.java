/**
 * The engine's front door: clients per host and principal, the worker that drives them, statistics.
 */
@NullMarked
package io.github.databrickstelemetry.client;

import org.jspecify.annotations.NullMarked;
