/**
 * Clients per host and principal, their statistics and listeners.
 */
@NullMarked
package io.github.databrickstelemetry.client;

import org.jspecify.annotations.NullMarked;
