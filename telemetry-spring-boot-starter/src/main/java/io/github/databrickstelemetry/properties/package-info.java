/** The properties of this library as records, and their conversion to the settings of the engine. */
@NullMarked
package io.github.databrickstelemetry.properties;

import org.jspecify.annotations.NullMarked;
