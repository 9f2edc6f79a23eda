/**
 * Immutable settings with validated defaults.
 */
@NullMarked
package io.github.databrickstelemetry.config;

import org.jspecify.annotations.NullMarked;
