/** The sample's business: questions about taxi trips, answered by the warehouse. */
@NullMarked
package io.github.databrickstelemetry.sample.trips;

import org.jspecify.annotations.NullMarked;
