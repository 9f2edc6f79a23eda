/** What the page at {@code /} shows: samples taken every second, and the stand-in's own view. */
@NullMarked
package io.github.databrickstelemetry.sample.live;

import org.jspecify.annotations.NullMarked;
