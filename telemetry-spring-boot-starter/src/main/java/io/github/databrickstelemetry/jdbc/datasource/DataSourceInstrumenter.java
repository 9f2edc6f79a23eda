package io.github.databrickstelemetry.jdbc.datasource;

import io.github.databrickstelemetry.client.TelemetryClient;
import io.github.databrickstelemetry.client.TelemetryClientProvider;
import io.github.databrickstelemetry.jdbc.JdbcSource;
import io.github.databrickstelemetry.jdbc.datasource.DataSourceStatus.DriverTelemetry;
import io.github.databrickstelemetry.jdbc.datasource.DataSourceStatus.Instrumentation;
import io.github.databrickstelemetry.runtime.internal.Guard;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.scope.ScopedObject;
import org.springframework.util.ClassUtils;

/**
 * Decides for one data source after the other whether and where it is observed, and remembers what is to be done when it
 * ends. Thread-safe. Data sources are remembered weakly.
 */
final class DataSourceInstrumenter {

    /**
     * What may be done with a data source.
     *
     * @param replaceable whether another object may take its place
     * @param last whether it will not be shown again, so that a no is worth noting
     */
    record Occasion(boolean replaceable, boolean last) {

        static final Occasion BEFORE_INITIALIZATION = new Occasion(false, false);
        static final Occasion AFTER_INITIALIZATION = new Occasion(true, true);
        static final Occasion TOO_LATE = new Occasion(false, true);
    }

    private static final boolean HIKARI = isPresent("com.zaxxer.hikari.HikariDataSource");
    private static final boolean SPRING_JDBC = isPresent("org.springframework.jdbc.datasource.DelegatingDataSource");
    private static final int MAX_DEPTH = 8;

    private final Supplier<? extends @Nullable DataSourceResolver> resolver;
    private final Supplier<? extends @Nullable TelemetryClientProvider> clients;
    private final @Nullable ClassLoader classLoader;
    private final Guard guard;
    private final WeakIdentityMap<DataSource, Boolean> decided = new WeakIdentityMap<>();
    private final WeakIdentityMap<DataSource, Boolean> silenced = new WeakIdentityMap<>();
    private final WeakIdentityMap<Object, List<Runnable>> endings = new WeakIdentityMap<>();
    private final WeakIdentityMap<DataSourceTelemetry, AtomicReference<@Nullable TelemetryClient>> held =
            new WeakIdentityMap<>();
    private final DataSourceStatuses statuses = new DataSourceStatuses();

    DataSourceInstrumenter(
            Supplier<? extends @Nullable DataSourceResolver> resolver,
            Supplier<? extends @Nullable TelemetryClientProvider> clients,
            @Nullable ClassLoader classLoader,
            Guard guard) {
        this.resolver = resolver;
        this.clients = clients;
        this.classLoader = classLoader;
        this.guard = guard;
    }

    private static boolean isPresent(String className) {
        return ClassUtils.isPresent(className, DataSourceInstrumenter.class.getClassLoader());
    }

    List<DataSourceStatus> status() {
        return statuses.all();
    }

    boolean isDecided(DataSource dataSource) {
        return decided.get(dataSource) != null || dataSource instanceof InstrumentedDataSource;
    }

    /**
     * Puts a data source under observation, if it is to be.
     *
     * @param owner the bean whose end is the data source's end
     * @return what takes its place: mostly the very same
     */
    DataSource instrument(DataSource dataSource, String beanName, Object owner, Occasion occasion) {
        forgetCollected();
        return instrument(dataSource, beanName, owner, occasion, 0);
    }

    private void forgetCollected() {
        for (List<Runnable> collected : endings.removeCollected()) {
            run(collected);
        }
        // Their pool has lost a connection instead of closing it, as HikariCP may at its end.
        for (AtomicReference<@Nullable TelemetryClient> collected : held.removeCollected()) {
            TelemetryClient client = collected.getAndSet(null);
            TelemetryClientProvider provider = client == null ? null : clients.get();
            if (client != null && provider != null) {
                guard.run("client release", () -> provider.release(client));
            }
        }
        decided.removeCollected();
        silenced.removeCollected();
    }

    private DataSource instrument(DataSource dataSource, String beanName, Object owner, Occasion occasion, int depth) {
        if (depth > MAX_DEPTH || dataSource instanceof ScopedObject || isDecided(dataSource)) {
            return dataSource;
        }
        try {
            // A pool is none of Spring's, whose classes then need not be loaded.
            boolean isHikari = HIKARI && HikariInstrumentation.isHikari(dataSource);
            if (SPRING_JDBC && !isHikari && SpringDataSources.standsBeforeOthers(dataSource)) {
                SpringDataSources.instrumentTargets(
                        dataSource,
                        occasion.last(),
                        target -> instrument(target, beanName, owner, Occasion.AFTER_INITIALIZATION, depth + 1));
                return dataSource;
            }
            HikariInstrumentation hikari = isHikari ? new HikariInstrumentation(dataSource) : null;
            boolean unstarted = hikari != null && !hikari.hasStarted();
            JdbcSource read = hikari == null ? JdbcSourceReader.read(dataSource) : hikari.source();
            DataSourceDescription observed = resolve(read, beanName);
            TelemetryClientProvider provider = observed == null ? null : clients.get();
            if (!unstarted && !occasion.replaceable() && !occasion.last()) {
                if (observed != null && provider != null) {
                    // Its turn comes after its initialisation, which may open connections.
                    replaceDriverTelemetry(dataSource, read, observed);
                }
                return dataSource;
            }
            if (observed == null || provider == null) {
                if (occasion.last()) {
                    decided.putIfAbsent(dataSource, true);
                    statuses.unobserved(
                            beanName, observed == null ? reasonAgainst(read, beanName) : "no telemetry clients");
                }
                return dataSource;
            }
            if (isMarked(dataSource)) {
                return dataSource;
            }
            DataSourceTelemetry source = new DataSourceTelemetry(observed, provider, guard);
            held.putIfAbsent(source, source.client());
            DataSource result = hikari != null && unstarted
                    ? below(dataSource, hikari, read, observed, source, owner)
                    : outside(dataSource, read, observed, source, owner, occasion);
            decided.putIfAbsent(dataSource, true);
            return result;
        } catch (Throwable failure) {
            guard.swallowed("data source instrumentation", failure);
            statuses.unobserved(beanName, "failed with " + failure.getClass().getName());
            return dataSource;
        }
    }

    private @Nullable DataSourceDescription resolve(JdbcSource source, String beanName) {
        DataSourceResolver available = resolver.get();
        return available == null ? null : available.resolve(beanName, source);
    }

    private @Nullable String reasonAgainst(JdbcSource source, String beanName) {
        DataSourceResolver available = resolver.get();
        return available == null ? null : available.reasonAgainst(beanName, source);
    }

    private DataSource below(
            DataSource pool,
            HikariInstrumentation hikari,
            JdbcSource read,
            DataSourceDescription observed,
            DataSourceTelemetry source,
            Object owner) {
        DriverOverrides overrides = DriverOverrides.known(observed, pool);
        hikari.instrument(overrides, new PhysicalConnections(source));
        DataSource below = hikari.below();
        DriverTelemetry driverTelemetry = below == null
                ? observed.driverOverrides().isEmpty()
                        ? DriverTelemetry.UNCHANGED
                        : overrides.isEmpty() ? DriverTelemetry.LEFT : DriverTelemetry.REPLACED
                : replaceDriverTelemetry(below, read, observed);
        endWith(owner, source::end);
        statuses.observable(observed, Instrumentation.BELOW_POOL, driverTelemetry, null);
        return pool;
    }

    private DataSource outside(
            DataSource dataSource,
            JdbcSource read,
            DataSourceDescription observed,
            DataSourceTelemetry source,
            Object owner,
            Occasion occasion) {
        String obstacle = null;
        if (!occasion.replaceable()) {
            obstacle = "created before post-processors were ready";
        } else if (OutsideInstrumentation.promisesAClassOfConnections(dataSource)) {
            obstacle = "its getConnection() promises a class of its driver's";
        }
        if (obstacle != null) {
            // What is not observed keeps the driver's own telemetry.
            DriverTelemetry left =
                    observed.driverOverrides().isEmpty() ? DriverTelemetry.UNCHANGED : DriverTelemetry.LEFT;
            statuses.observable(observed, Instrumentation.NONE, left, obstacle);
            return dataSource;
        }
        DriverTelemetry driverTelemetry = replaceDriverTelemetry(dataSource, read, observed);
        PooledConnections observer = new PooledConnections(source);
        boolean startedHikari = HIKARI && HikariInstrumentation.isPlain(dataSource);
        DataSource wrapped = startedHikari
                ? HikariInstrumentation.replaceStarted(dataSource, observer)
                : OutsideInstrumentation.wrap(dataSource, observer, classLoader, guard);
        endWith(owner, observer::end);
        statuses.observable(
                observed,
                Instrumentation.OUTSIDE,
                driverTelemetry,
                startedHikari ? "the pool had started already" : null);
        return wrapped;
    }

    /** Silences the driver through the bean's properties, unless its URL, which would beat them, says otherwise. */
    private DriverTelemetry replaceDriverTelemetry(
            DataSource dataSource, JdbcSource read, DataSourceDescription observed) {
        if (observed.driverOverrides().isEmpty()) {
            return DriverTelemetry.UNCHANGED;
        }
        String url = read.url();
        DriverOverrides overrides = DriverOverrides.known(observed, dataSource);
        if (url == null || overrides.isEmpty() || overrides.contradicts(url)) {
            return DriverTelemetry.LEFT;
        }
        // Initialisation may have started a pool that was given its properties in time.
        try {
            if (DriverProperties.set(dataSource, overrides, url)) {
                silenced.putIfAbsent(dataSource, true);
            }
        } catch (Exception | LinkageError anotherVersion) {
            guard.swallowed("driver properties", anotherVersion);
        }
        return silenced.get(dataSource) == null ? DriverTelemetry.LEFT : DriverTelemetry.REPLACED;
    }

    private boolean isMarked(DataSource dataSource) {
        try {
            return (HIKARI && HikariInstrumentation.isInstrumented(dataSource))
                    || dataSource.isWrapperFor(InstrumentedDataSource.class);
        } catch (Exception failure) {
            guard.swallowed("marker check", failure);
            return false;
        }
    }

    /** Whether something is to be done when this bean ends. */
    boolean hasEnding(Object owner) {
        return endings.get(owner) != null;
    }

    /** The bean is about to be closed. */
    void ending(Object owner) {
        List<Runnable> ended = endings.remove(owner);
        if (ended != null) {
            run(ended);
        }
    }

    private void endWith(Object owner, Runnable ending) {
        List<Runnable> list = new CopyOnWriteArrayList<>();
        List<Runnable> known = endings.putIfAbsent(owner, list);
        (known == null ? list : known).add(ending);
    }

    private void run(List<Runnable> ended) {
        for (Runnable ending : ended) {
            guard.run("data source end", ending::run);
        }
    }
}
