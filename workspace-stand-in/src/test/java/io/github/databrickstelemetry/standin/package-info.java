@NullMarked
package io.github.databrickstelemetry.standin;

import org.jspecify.annotations.NullMarked;
