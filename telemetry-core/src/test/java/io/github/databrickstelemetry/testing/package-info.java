/** What several tests share. */
@NullMarked
package io.github.databrickstelemetry.testing;

import org.jspecify.annotations.NullMarked;
