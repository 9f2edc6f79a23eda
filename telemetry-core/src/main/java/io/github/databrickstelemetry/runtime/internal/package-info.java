/**
 * What the engine takes from the machine: time, ids, threads, and the guard that no failure passes.
 */
@NullMarked
package io.github.databrickstelemetry.runtime.internal;

import org.jspecify.annotations.NullMarked;
