/**
 * States of a host's feature flag.
 */
@NullMarked
package io.github.databrickstelemetry.flag;

import org.jspecify.annotations.NullMarked;
