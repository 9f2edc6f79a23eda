/** Which workspace the sample talks to, decided before the application starts. */
@NullMarked
package io.github.databrickstelemetry.sample.start;

import org.jspecify.annotations.NullMarked;
