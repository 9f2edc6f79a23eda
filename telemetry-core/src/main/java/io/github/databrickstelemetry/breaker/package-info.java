/**
 * States of a host's circuit breaker.
 */
@NullMarked
package io.github.databrickstelemetry.breaker;

import org.jspecify.annotations.NullMarked;
