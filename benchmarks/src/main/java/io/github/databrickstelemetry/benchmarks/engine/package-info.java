/** What the engine costs behind the application's back: throughput, serialisation, memory, redaction. */
@NullMarked
package io.github.databrickstelemetry.benchmarks.engine;

import org.jspecify.annotations.NullMarked;
