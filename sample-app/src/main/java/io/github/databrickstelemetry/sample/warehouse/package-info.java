/** The data of the stand-in's warehouse. */
@NullMarked
package io.github.databrickstelemetry.sample.warehouse;

import org.jspecify.annotations.NullMarked;
