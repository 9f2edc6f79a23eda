@NullMarked
package io.github.databrickstelemetry.sample.workspace;

import org.jspecify.annotations.NullMarked;
