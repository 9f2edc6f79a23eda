/** Auto-configurations, properties, per-host beans, runtime hints. */
@NullMarked
package io.github.databrickstelemetry.autoconfigure;

import org.jspecify.annotations.NullMarked;
