@NullMarked
package io.github.databrickstelemetry.sample.page;

import org.jspecify.annotations.NullMarked;
