/** Tests of what an application leaves behind in a JVM that outlives it. */
@NullMarked
package io.github.databrickstelemetry.redeploy;

import org.jspecify.annotations.NullMarked;
