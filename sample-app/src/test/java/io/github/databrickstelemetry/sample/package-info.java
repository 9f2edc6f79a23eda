@NullMarked
package io.github.databrickstelemetry.sample;

import org.jspecify.annotations.NullMarked;
