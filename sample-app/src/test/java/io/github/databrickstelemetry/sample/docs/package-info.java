/** README and docs, held against the running sample and against the build that they describe. */
@NullMarked
package io.github.databrickstelemetry.sample.docs;

import org.jspecify.annotations.NullMarked;
