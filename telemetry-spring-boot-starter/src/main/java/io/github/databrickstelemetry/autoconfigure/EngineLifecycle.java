package io.github.databrickstelemetry.autoconfigure;

import io.github.databrickstelemetry.engine.internal.TelemetryEngine;
import io.github.databrickstelemetry.workspace.internal.WorkspaceHttp;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.ContextClosedEvent;

/**
 * Tells the engine, when the application context starts, that all listeners have been added. Suspends the engine while
 * the context is stopped, so that no thread and no socket remains, as a checkpoint needs it. When the context closes, the
 * engine works until it is destroyed, so that pools can report their last sessions.
 */
final class EngineLifecycle implements SmartLifecycle, ApplicationListener<ContextClosedEvent> {

    private final ObjectProvider<TelemetryEngine> engine;
    private final WorkspaceHttp http;
    private final ApplicationContext context;
    private volatile boolean running;
    private volatile boolean closing;

    EngineLifecycle(ObjectProvider<TelemetryEngine> engine, WorkspaceHttp http, ApplicationContext context) {
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
    public void onApplicationEvent(ContextClosedEvent event) {
        closing |= event.getApplicationContext() == context;
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
        if (!closing) {
            engine.ifAvailable(TelemetryEngine::suspend);
            http.close();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
