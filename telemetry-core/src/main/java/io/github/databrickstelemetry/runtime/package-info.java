/**
 * What the engine takes from the machine: time, ids, threads, and the guard that no failure passes.
 */
@NullMarked
package io.github.databrickstelemetry.runtime;

import org.jspecify.annotations.NullMarked;
