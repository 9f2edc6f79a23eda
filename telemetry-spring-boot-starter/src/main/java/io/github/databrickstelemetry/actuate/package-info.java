/** Health and the actuator endpoint. */
@NullMarked
package io.github.databrickstelemetry.actuate;

import org.jspecify.annotations.NullMarked;
