/** What the engine costs outside the application's threads: throughput, serialisation, memory, redaction. */
@NullMarked
package io.github.databrickstelemetry.benchmarks.engine;

import org.jspecify.annotations.NullMarked;
