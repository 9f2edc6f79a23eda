@NullMarked
package io.github.databrickstelemetry.properties;

import org.jspecify.annotations.NullMarked;
