/** Pass-through halves of the instrumented JDBC objects: each method calls the driver and does nothing else. */
@NullMarked
package io.github.databrickstelemetry.jdbc.delegate;

import org.jspecify.annotations.NullMarked;
