/** Tests of the data sources. */
@NullMarked
package io.github.databrickstelemetry.jdbc.datasource;

import org.jspecify.annotations.NullMarked;
