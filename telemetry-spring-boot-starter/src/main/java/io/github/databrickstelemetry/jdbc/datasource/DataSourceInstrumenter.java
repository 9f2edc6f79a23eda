package io.github.databrickstelemetry.jdbc.datasource;

import com.zaxxer.hikari.HikariDataSource;
import io.github.databrickstelemetry.client.TelemetryClientProvider;
import io.github.databrickstelemetry.jdbc.JdbcSource;
import io.github.databrickstelemetry.jdbc.datasource.DataSourceStatus.DriverTelemetry;
import io.github.databrickstelemetry.jdbc.datasource.DataSourceStatus.Instrumentation;
import io.github.databrickstelemetry.runtime.internal.Guard;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.aopalliance.intercept.MethodInterceptor;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.scope.ScopedObject;
import org.springframework.util.ClassUtils;

/**
 * Decides for each data source whether and where it is instrumented. First it decides, then it changes the driver's
 * settings: the driver's own telemetry goes on wherever nothing else reports. Thread-safe. Data sources are remembered
 * weakly.
 */
final class DataSourceInstrumenter {

    private static final boolean HIKARI = isPresent("com.zaxxer.hikari.HikariDataSource");
    private static final boolean SPRING_JDBC = isPresent("org.springframework.jdbc.datasource.DelegatingDataSource");
    private static final int MAX_DEPTH = 8;

    private final Supplier<? extends @Nullable DataSourceResolver> resolver;
    private final Supplier<? extends @Nullable TelemetryClientProvider> clients;
    private final Guard guard;
    private final DriverProperties driverProperties;
    private final DataSourceRegistry registry;
    private final DataSourceStatuses statuses = new DataSourceStatuses();

    /** Those that need no second look: left alone, instrumented below a pool, or routers. */
    private final WeakMap<DataSource, Boolean> settled = new WeakMap<>();

    /**
     * @param resolver asked for each data source; null to instrument nothing
     * @param clients asked with the first connection
     */
    DataSourceInstrumenter(
            Supplier<? extends @Nullable DataSourceResolver> resolver,
            Supplier<? extends @Nullable TelemetryClientProvider> clients,
            Guard guard) {
        this.resolver = resolver;
        this.clients = clients;
        this.guard = guard;
        this.driverProperties = new DriverProperties(guard);
        this.registry = new DataSourceRegistry(guard);
    }

    private static boolean isPresent(String className) {
        return ClassUtils.isPresent(className, DataSourceInstrumenter.class.getClassLoader());
    }

    List<DataSourceStatus> status() {
        return statuses.all();
    }

    DataSourceRegistry registry() {
        return registry;
    }

    /** Instruments a data source, if it is to be. Returns what takes its place: mostly the very same. */
    DataSource instrument(Candidate candidate) {
        try {
            registry.endCollected();
            return decide(candidate);
        } catch (Throwable failure) {
            guard.swallowed("data source instrumentation", failure);
            report(candidate, "failed with " + failure.getClass().getName());
            return candidate.dataSource();
        }
    }

    private DataSource decide(Candidate candidate) {
        DataSource dataSource = candidate.dataSource();
        DataSource described = candidate.described();
        if (candidate.depth() > MAX_DEPTH || dataSource instanceof ScopedObject || settled.containsKey(described)) {
            return dataSource;
        }
        if (SPRING_JDBC && SpringDataSources.standsBeforeOthers(described)) {
            return standingBeforeOthers(candidate);
        }
        HikariInstrumentation hikari = isHikari(described) ? new HikariInstrumentation(described) : null;
        JdbcSource source = hikari == null ? JdbcSourceReader.read(described) : hikari.source();
        DataSourceResolver available = resolver.get();
        if (available == null) {
            return dataSource;
        }
        DataSourceDescription description = available.resolve(candidate.beanName(), source);
        if (description == null) {
            List<DataSource> delegates = source.url() == null && hikari == null
                    ? Delegates.of(described, DataSourceInstrumenter::showsHowItConnects)
                    : List.of();
            return delegates.isEmpty() ? left(candidate, source, available) : wrapper(candidate, delegates);
        }
        if (isInstrumented(described)) {
            return dataSource;
        }
        if (hikari != null && !hikari.hasStarted()) {
            below(candidate, hikari, source, description);
            return dataSource;
        }
        // What is in front may be a proxy of another context's, or a wrapper whose data source another one has
        // instrumented.
        if (candidate.isLast()) {
            return isInstrumented(dataSource) ? dataSource : outside(candidate, source, description);
        }
        // Instrumented after its initialisation, which may open connections.
        if (candidate.depth() == 0 && candidate.reasonAgainstReplacing().get() == null && !isInstrumented(dataSource)) {
            driverProperties.override(described, source.url(), description);
        }
        return dataSource;
    }

    private static boolean isHikari(DataSource dataSource) {
        return HIKARI && dataSource instanceof HikariDataSource;
    }

    /** By this context or another one that has not ended. */
    private static boolean isInstrumented(DataSource dataSource) {
        try {
            boolean outside = dataSource.isWrapperFor(InstrumentedDataSource.class)
                    && !(dataSource.unwrap(InstrumentedDataSource.class) instanceof InstrumentingDataSource known
                            && known.isEnded());
            return outside || (HIKARI && HikariInstrumentation.isInstrumentedBelow(dataSource));
        } catch (SQLException | RuntimeException refused) {
            // Some data sources throw from isWrapperFor.
            return false;
        }
    }

    private DataSource standingBeforeOthers(Candidate candidate) {
        DataSource dataSource = candidate.dataSource();
        MethodInterceptor followingRoutes = SpringDataSources.instrumentTargets(
                candidate.described(), candidate.isLast(), target -> instrument(candidate.target(target)), guard);
        if (followingRoutes == null) {
            return dataSource;
        }
        settled.put(candidate.described(), true);
        return candidate.reasonAgainstReplacing().get() == null
                ? DataSourceProxies.advise(dataSource, followingRoutes)
                : dataSource;
    }

    private static boolean showsHowItConnects(DataSource dataSource) {
        return isHikari(dataSource) || JdbcSourceReader.read(dataSource).url() != null;
    }

    /**
     * One of another library or of the application, in front of data sources that are no beans: their pools are
     * instrumented, or itself if there is a single other one.
     */
    private DataSource wrapper(Candidate candidate, List<DataSource> delegates) {
        DataSource result = candidate.dataSource();
        for (DataSource delegate : delegates) {
            if (registry.telemetry(delegate) == null) {
                result = decide(candidate.describedBy(delegate, delegates.size() > 1));
            }
        }
        return result;
    }

    /** Not a data source behind another one: it may be a bean, or be passed to {@link DataSourceInstrumentation}, later. */
    private void settle(Candidate candidate) {
        if (candidate.depth() == 0) {
            settled.put(candidate.described(), true);
        }
    }

    /** One that is not to be instrumented, or does not show that it is. */
    private DataSource left(Candidate candidate, JdbcSource source, DataSourceResolver available) {
        if (candidate.isLast()) {
            settle(candidate);
            String reason = available.reasonAgainst(candidate.beanName(), source);
            if (reason == null && source.url() == null && candidate.depth() == 0) {
                reason = "it does not show its JDBC URL: if it is one of Databricks, set "
                        + "databricks.telemetry.data-sources." + candidate.beanName() + ".host";
            }
            if (reason != null) {
                report(candidate, reason);
            }
        }
        return candidate.dataSource();
    }

    private void below(
            Candidate candidate, HikariInstrumentation hikari, JdbcSource source, DataSourceDescription description) {
        DataSource pool = candidate.described();
        DataSourceTelemetry telemetry = new DataSourceTelemetry(description, clients, guard);
        DriverOverrides overrides = DriverOverrides.known(description, pool);
        hikari.instrument(overrides, telemetry);
        DataSource below = hikari.below();
        if (below != null) {
            overrides = driverProperties.override(below, source.url(), description);
        }
        settled.put(pool, true);
        registry.add(candidate.owner(), pool, telemetry);
        report(candidate, Instrumentation.BELOW_POOL, overrides, overrides.reasonAgainstTags());
    }

    private DataSource outside(Candidate candidate, JdbcSource source, DataSourceDescription description) {
        DataSource described = candidate.described();
        String reason = candidate.reasonAgainstReplacing().get();
        if (reason == null) {
            // One pool may be seen behind several beans: its sessions are counted once.
            OutsideTelemetry telemetry =
                    registry.telemetry(described) instanceof OutsideTelemetry known && !known.isEnded()
                            ? known
                            : new OutsideTelemetry(description, clients, guard);
            try {
                DataSource wrapped = DataSourceProxies.instrument(candidate.dataSource(), telemetry);
                if (isHikari(wrapped)) {
                    guard.run("pool metrics", () -> HikariInstrumentation.copyPool(candidate.dataSource(), wrapped));
                }
                registry.add(candidate.owner(), described, telemetry);
                DriverOverrides set = driverProperties.override(described, source.url(), description);
                report(
                        candidate,
                        Instrumentation.OUTSIDE,
                        set,
                        isHikari(described) ? "the pool had started already" : set.reasonAgainstTags());
                return wrapped;
            } catch (RuntimeException | LinkageError refused) {
                guard.swallowed("data source proxy", refused);
                reason = "no proxy of it can be made: " + refused.getClass().getName();
            }
        }
        settle(candidate);
        driverProperties.restore(described);
        report(candidate, Instrumentation.NONE, DriverOverrides.none(description), reason);
        return candidate.dataSource();
    }

    private void report(
            Candidate candidate, Instrumentation instrumentation, DriverOverrides set, @Nullable String reason) {
        statuses.add(new DataSourceStatus(
                candidate.beanName(), set.description().host().key(), instrumentation, set.telemetry(), reason));
    }

    /** One that is left alone; its host is not shown. */
    private void report(Candidate candidate, String reason) {
        statuses.add(new DataSourceStatus(
                candidate.beanName(), null, Instrumentation.NONE, DriverTelemetry.UNCHANGED, reason));
    }
}
