package io.github.databrickstelemetry.autoconfigure;

import io.github.databrickstelemetry.engine.internal.TelemetryEngine;
import io.github.databrickstelemetry.workspace.internal.WorkspaceHttp;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;

/**
 * Tells the engine, when the application context starts, that all listeners have been added. Suspends the engine while
 * the context is stopped, so that no thread and no socket remains, as a checkpoint needs it. When the context closes, the
 * engine works until it is destroyed, so that pools can report their last sessions.
 */
final class EngineLifecycle implements SmartLifecycle {

    private final ObjectProvider<TelemetryEngine> engine;
    private final WorkspaceHttp http;
    private final ConfigurableApplicationContext context;
    private volatile boolean running;

    EngineLifecycle(
            ObjectProvider<TelemetryEngine> engine, WorkspaceHttp http, ConfigurableApplicationContext context) {
        this.engine = engine;
        this.http = http;
        this.context = context;
    }

    /** Started first and stopped last. */
    @Override
    public int getPhase() {
        return Integer.MIN_VALUE;
    }

    @Override
    public void start() {
        running = true;
        engine.ifAvailable(started -> {
            started.resume();
            started.listenersAdded();
        });
    }

    @Override
    public void stop() {
        running = false;
        if (!context.isClosed()) {
            engine.ifAvailable(TelemetryEngine::suspend);
            http.close();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
