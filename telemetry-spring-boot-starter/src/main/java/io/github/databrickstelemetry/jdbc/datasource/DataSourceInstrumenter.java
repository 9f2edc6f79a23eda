package io.github.databrickstelemetry.jdbc.datasource;

import io.github.databrickstelemetry.client.TelemetryClientProvider;
import io.github.databrickstelemetry.jdbc.JdbcSource;
import io.github.databrickstelemetry.jdbc.datasource.DataSourceStatus.Instrumentation;
import io.github.databrickstelemetry.runtime.internal.Guard;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
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
    private final DataSourceEndings endings;
    private final DataSourceStatuses statuses = new DataSourceStatuses();

    /** Those that need no second look: left alone, or instrumented below a pool. */
    private final WeakIdentityMap<DataSource, Boolean> decided = new WeakIdentityMap<>();

    /** One pool may be seen behind several beans: its sessions are counted once. */
    private final WeakIdentityMap<DataSource, PooledConnections> outside = new WeakIdentityMap<>();

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
        this.endings = new DataSourceEndings(guard);
    }

    private static boolean isPresent(String className) {
        return ClassUtils.isPresent(className, DataSourceInstrumenter.class.getClassLoader());
    }

    List<DataSourceStatus> status() {
        return statuses.all();
    }

    DataSourceEndings endings() {
        return endings;
    }

    /**
     * Instruments a data source, if it is to be.
     *
     * @return what takes its place: mostly the very same
     */
    DataSource instrument(Candidate candidate) {
        endings.endCollected();
        decided.removeCollected();
        outside.removeCollected();
        try {
            return decide(candidate);
        } catch (Throwable failure) {
            guard.swallowed("data source instrumentation", failure);
            statuses.leftAlone(
                    candidate.beanName(), "failed with " + failure.getClass().getName());
            return candidate.dataSource();
        }
    }

    private DataSource decide(Candidate candidate) {
        DataSource dataSource = candidate.dataSource();
        DataSource described = candidate.described();
        if (candidate.depth() > MAX_DEPTH || dataSource instanceof ScopedObject || decided.get(described) != null) {
            return dataSource;
        }
        // HikariCP's pool extends no class of Spring's, so those need not be loaded.
        boolean isHikari = HIKARI && HikariInstrumentation.isHikari(described);
        if (SPRING_JDBC && !isHikari && SpringDataSources.standsBeforeOthers(described)) {
            return standingBeforeOthers(candidate);
        }
        HikariInstrumentation hikari = isHikari ? new HikariInstrumentation(described) : null;
        JdbcSource read = hikari == null ? JdbcSourceReader.read(described) : hikari.source();
        DataSourceDescription description = resolve(read, candidate.beanName());
        if (description == null) {
            List<DataSource> delegates = read.url() == null && hikari == null
                    ? Delegates.of(described, DataSourceInstrumenter::showsHowItConnects)
                    : List.of();
            if (!delegates.isEmpty()) {
                return wrapper(candidate, delegates);
            }
            if (candidate.isLast()) {
                leave(candidate, read);
            }
            return dataSource;
        }
        if (isInstrumented(dataSource)) {
            return dataSource;
        }
        if (hikari != null && !hikari.hasStarted()) {
            below(candidate, hikari, read, description);
            return dataSource;
        }
        if (candidate.isLast()) {
            return outside(candidate, read, description);
        }
        // Instrumented after its initialisation, which may open connections.
        if (DataSourceProxies.reasonAgainst(described, candidate.byInterface()) == null) {
            driverProperties.override(described, read, description);
        }
        return dataSource;
    }

    /** By this context or another one that has not ended. */
    private static boolean isInstrumented(DataSource dataSource) {
        try {
            return InstrumentingDataSource.isInstrumented(dataSource)
                    || (HIKARI && HikariInstrumentation.isInstrumented(dataSource));
        } catch (SQLException | RuntimeException refused) {
            // Some data sources throw from isWrapperFor.
            return false;
        }
    }

    private @Nullable DataSourceDescription resolve(JdbcSource source, String beanName) {
        DataSourceResolver available = resolver.get();
        return available == null ? null : available.resolve(beanName, source);
    }

    private DataSource standingBeforeOthers(Candidate candidate) {
        DataSource described = candidate.described();
        UnaryOperator<DataSource> instrument = target -> instrument(candidate.target(target));
        SpringDataSources.instrumentTargets(described, candidate.isLast(), instrument);
        DataSource dataSource = candidate.dataSource();
        if (!candidate.isLast() || !SpringDataSources.isRouter(described)) {
            return dataSource;
        }
        decided.putIfAbsent(described, true);
        return candidate.isReplaceable() && DataSourceProxies.reasonAgainst(dataSource, candidate.byInterface()) == null
                ? DataSourceProxies.advise(
                        dataSource,
                        candidate.byInterface(),
                        SpringDataSources.followingRoutes(described, instrument, guard))
                : dataSource;
    }

    private static boolean showsHowItConnects(DataSource dataSource) {
        return (HIKARI && HikariInstrumentation.isHikari(dataSource))
                || JdbcSourceReader.read(dataSource).url() != null;
    }

    /** One of another library or of the application, in front of data sources that are no beans. */
    private DataSource wrapper(Candidate candidate, List<DataSource> delegates) {
        Candidate only = null;
        DataSourceDescription description = null;
        for (DataSource delegate : delegates) {
            if (decided.get(delegate) != null || outside.get(delegate) != null || isInstrumented(delegate)) {
                continue;
            }
            Candidate inner = candidate.describedBy(delegate);
            HikariInstrumentation hikari =
                    HIKARI && HikariInstrumentation.isHikari(delegate) ? new HikariInstrumentation(delegate) : null;
            JdbcSource read = hikari == null ? JdbcSourceReader.read(delegate) : hikari.source();
            DataSourceDescription found = resolve(read, candidate.beanName());
            if (found != null && hikari != null && !hikari.hasStarted()) {
                below(inner, hikari, read, found);
            } else if (found != null) {
                only = inner;
                description = found;
            }
        }
        if (only == null || description == null || !candidate.isLast()) {
            return candidate.dataSource();
        }
        if (delegates.size() == 1) {
            return outside(only, JdbcSourceReader.read(only.described()), description);
        }
        statuses.concerned(
                description,
                candidate.beanName(),
                Instrumentation.NONE,
                driverProperties.restore(only.described(), description),
                "it chooses among data sources that are no beans: pass each to DataSourceInstrumentation.instrument");
        return candidate.dataSource();
    }

    private void leave(Candidate candidate, JdbcSource read) {
        decided.putIfAbsent(candidate.described(), true);
        DataSourceResolver available = resolver.get();
        String reason = available == null ? null : available.reasonAgainst(candidate.beanName(), read);
        if (available != null && reason == null && read.url() == null && candidate.depth() == 0) {
            reason = "it does not show its JDBC URL: if it is one of Databricks, set "
                    + "databricks.telemetry.data-sources." + candidate.beanName() + ".host";
        }
        statuses.leftAlone(candidate.beanName(), reason);
    }

    private void below(
            Candidate candidate, HikariInstrumentation hikari, JdbcSource read, DataSourceDescription description) {
        DataSource pool = candidate.described();
        DataSourceTelemetry telemetry = new DataSourceTelemetry(description, false, clients, guard);
        DriverOverrides overrides = DriverOverrides.known(description.overrides(), description.adapter(), pool);
        hikari.instrument(overrides, telemetry);
        DataSource below = hikari.below();
        DriverOverrides set = below == null ? overrides : driverProperties.override(below, read, description);
        decided.putIfAbsent(pool, true);
        endings.add(candidate.owner(), pool, telemetry);
        statuses.concerned(
                description,
                candidate.beanName(),
                Instrumentation.BELOW_POOL,
                set.telemetry(description),
                set.reasonAgainstTags(description));
    }

    private DataSource outside(Candidate candidate, JdbcSource read, DataSourceDescription description) {
        DataSource described = candidate.described();
        String reason = candidate.isReplaceable()
                ? DataSourceProxies.reasonAgainst(candidate.dataSource(), candidate.byInterface())
                : "created before post-processors were ready";
        PooledConnections known = outside.get(described);
        if (known == null || known.isEnded()) {
            outside.remove(described);
            known = new PooledConnections(new DataSourceTelemetry(description, true, clients, guard));
        }
        DataSource wrapped = candidate.dataSource();
        if (reason == null) {
            try {
                wrapped = DataSourceProxies.wrap(candidate.dataSource(), candidate.byInterface(), known);
            } catch (RuntimeException | LinkageError refused) {
                guard.swallowed("data source proxy", refused);
                reason = "no proxy of it can be made: " + refused.getClass().getName();
            }
        }
        if (reason != null) {
            decided.putIfAbsent(described, true);
            statuses.concerned(
                    description,
                    candidate.beanName(),
                    Instrumentation.NONE,
                    driverProperties.restore(described, description),
                    reason);
            return candidate.dataSource();
        }
        outside.putIfAbsent(described, known);
        endings.add(candidate.owner(), described, known.telemetry());
        boolean startedHikari = HIKARI && HikariInstrumentation.isHikari(described);
        DriverOverrides set = driverProperties.override(described, read, description);
        statuses.concerned(
                description,
                candidate.beanName(),
                Instrumentation.OUTSIDE,
                set.telemetry(description),
                startedHikari ? "the pool had started already" : set.reasonAgainstTags(description));
        return wrapped;
    }
}
