/** Tests of health and endpoint. */
@NullMarked
package io.github.databrickstelemetry.actuate;

import org.jspecify.annotations.NullMarked;
