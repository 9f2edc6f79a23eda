/**
 * The server's feature flag, cached per host.
 */
@NullMarked
package io.github.databrickstelemetry.flag.internal;

import org.jspecify.annotations.NullMarked;
