/** Tests of the auto-configuration. */
@NullMarked
package io.github.databrickstelemetry.autoconfigure;

import org.jspecify.annotations.NullMarked;
