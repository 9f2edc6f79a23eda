/**
 * A three-state circuit breaker, one per host.
 */
@NullMarked
package io.github.databrickstelemetry.breaker.internal;

import org.jspecify.annotations.NullMarked;
