/** A steady load on the warehouse, for people who want to see something move. */
@NullMarked
package io.github.databrickstelemetry.sample.load;

import org.jspecify.annotations.NullMarked;
