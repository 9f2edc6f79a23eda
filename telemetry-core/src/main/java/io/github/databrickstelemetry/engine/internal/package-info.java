/**
 * The engine. {@code TelemetryEngine} assembles it and hands out its clients ({@code Client…}). A {@code ClientPipeline} puts
 * events into the {@code EventQueue}; the {@code TelemetryWorker} takes them out, and settles the {@code Deliveries} that are
 * due. A {@code Delivery} sends metrics when its {@code FlushSchedule} and its {@code SendGate} say so, on a thread of the
 * {@code ExportScheduler}.
 */
@NullMarked
package io.github.databrickstelemetry.engine.internal;

import org.jspecify.annotations.NullMarked;
