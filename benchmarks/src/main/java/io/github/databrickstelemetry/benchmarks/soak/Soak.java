package io.github.databrickstelemetry.benchmarks.soak;

import io.github.databrickstelemetry.aggregate.DropReason;
import io.github.databrickstelemetry.benchmarks.engine.Engines;
import io.github.databrickstelemetry.benchmarks.measure.Results;
import io.github.databrickstelemetry.client.TelemetryClient;
import io.github.databrickstelemetry.client.TelemetryStatistics;
import io.github.databrickstelemetry.config.ClientSettings;
import io.github.databrickstelemetry.config.ClientSettings.CircuitBreakerSettings;
import io.github.databrickstelemetry.engine.internal.TelemetryEngine;
import io.github.databrickstelemetry.standin.ServiceMode;
import io.github.databrickstelemetry.standin.WorkspaceStandIn;
import io.github.databrickstelemetry.workspace.CredentialSource;
import io.github.databrickstelemetry.workspace.TelemetryTarget;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.ToLongFunction;

/**
 * Hundreds of sessions over several workspaces that misbehave at random, with tokens that rotate, pools that are
 * replaced, and flags that are switched. At the end the sums are exact, and heap, threads and log are as at the beginning.
 */
public final class Soak {

    private static final int HOSTS = 5;
    private static final int SESSIONS_PER_HOST = 60;
    private static final int PRODUCERS = 4;
    private static final long PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(500);
    private static final long PATIENCE_MILLIS = 30_000;
    private static final Duration LONGER_THAN_A_FLAG_HOLDS = Duration.ofSeconds(61);

    private final long seed;
    private final Duration length;

    /** A soak of this length; the seed makes its faults. */
    public Soak(Duration length, long seed) {
        this.length = length;
        this.seed = seed;
    }

    /**
     * The counts of one workspace.
     *
     * @param statements statements that the application ran
     * @param openings physical connections that it opened
     * @param closings physical connections that it closed
     * @param taken documents that the workspace received
     * @param statistics the engine's own counts
     */
    public record Account(long statements, long openings, long closings, long taken, TelemetryStatistics statistics) {

        /** Every session is closed, and every event is queued, aggregated or dropped. */
        public boolean eventsAddUp() {
            TelemetryStatistics s = statistics;
            return openings == closings
                    && s.events().emitted() == 2 * statements + openings + closings
                    && s.events().emitted()
                            == s.events().queued()
                                    + s.events().aggregated()
                                    + sum(s.events().dropped().values());
        }

        /** Every metric is delivered, rejected, dropped, pending or in flight, and the workspace received as many as were delivered or rejected. */
        public boolean metricsAddUp() {
            TelemetryStatistics s = statistics;
            return s.metrics().made()
                            == s.metrics().delivered()
                                    + s.metrics().rejected()
                                    + sum(s.metrics().dropped().values())
                                    + s.metrics().pending()
                                    + s.metrics().inFlight()
                    && taken == s.metrics().delivered() + s.metrics().rejected();
        }

        private static long sum(Iterable<Long> counts) {
            long sum = 0;
            for (long count : counts) {
                sum += count;
            }
            return sum;
        }
    }

    /**
     * What is left at the end.
     *
     * @param accounts one for each workspace
     * @param heapGrowth bytes, after full collections
     * @param threadsLeft names of threads that were not there before
     * @param loudLogLines lines of ours above debug
     */
    public record Outcome(List<Account> accounts, long heapGrowth, List<String> threadsLeft, long loudLogLines) {}

    /** Arguments: a length in seconds (300), a seed (the time). */
    public static void main(String[] arguments) {
        long seconds = arguments.length > 0 ? Long.parseLong(arguments[0]) : 300;
        long seed = arguments.length > 1 ? Long.parseLong(arguments[1]) : System.currentTimeMillis();
        System.out.println("Soaking for " + seconds + " s with seed " + seed);
        Outcome outcome = new Soak(Duration.ofSeconds(seconds), seed).run();
        boolean good =
                outcome.loudLogLines() == 0 && outcome.threadsLeft().isEmpty() && outcome.heapGrowth() < 16 << 20;
        for (Account account : outcome.accounts()) {
            System.out.println(account);
            good &= account.eventsAddUp() && account.metricsAddUp();
        }
        results(seconds, outcome);
        System.out.printf(
                "heap grew by %,d bytes, threads left %s, log lines above debug %d: %s%n",
                outcome.heapGrowth(), outcome.threadsLeft(), outcome.loudLogLines(), good ? "good" : "BAD");
        System.exit(good ? 0 : 1);
    }

    private static void results(long seconds, Outcome outcome) {
        Results results = new Results("soak");
        List<TelemetryStatistics> all =
                outcome.accounts().stream().map(Account::statistics).toList();
        String who = HOSTS + " hosts, " + HOSTS * SESSIONS_PER_HOST + " sessions";
        results.add("length", who, (double) seconds, "s");
        results.add(
                "statements",
                who,
                (double) outcome.accounts().stream()
                        .mapToLong(Account::statements)
                        .sum(),
                "");
        results.add("events emitted", who, sum(all, s -> s.events().emitted()), "");
        results.add("metrics", who, sum(all, s -> s.metrics().made()), "");
        results.add("metrics delivered", who, sum(all, s -> s.metrics().delivered()), "");
        results.add(
                "metrics rejected by the workspace",
                who,
                sum(all, s -> s.metrics().rejected()),
                "");
        for (DropReason reason : DropReason.values()) {
            double events = sum(all, one -> one.events().dropped().getOrDefault(reason, 0L));
            double metrics = sum(all, one -> one.metrics().dropped().getOrDefault(reason, 0L));
            if (events + metrics > 0) {
                String name = reason.name().toLowerCase(Locale.ROOT);
                results.add("dropped as " + name + ", events and metrics", who, events + metrics, "");
            }
        }
        results.add(
                "workspaces whose sums are not exact",
                who,
                (double) outcome.accounts().stream()
                        .filter(account -> !account.eventsAddUp() || !account.metricsAddUp())
                        .count(),
                "");
        results.add("growth of the heap", who, outcome.heapGrowth() / 1024.0, "KiB");
        results.add("threads left", who, (double) outcome.threadsLeft().size(), "");
        results.add("log lines above debug, or with SQL or a token", who, (double) outcome.loudLogLines(), "");
        results.write();
    }

    private static double sum(List<TelemetryStatistics> all, ToLongFunction<TelemetryStatistics> count) {
        return all.stream().mapToLong(count).sum();
    }

    /** Runs it. */
    public Outcome run() {
        LoudLogLines loud = LoudLogLines.attach();
        // The first run loads classes and fills the JDK's pools; that is no growth.
        soak(Duration.ofSeconds(2));
        long heapBefore = heap();
        List<Thread> threadsBefore = List.copyOf(Thread.getAllStackTraces().keySet());
        List<Account> accounts = soak(length);
        await(() -> threadsLeft(threadsBefore).isEmpty());
        return new Outcome(accounts, heap() - heapBefore, threadsLeft(threadsBefore), loud.count());
    }

    private List<Account> soak(Duration duration) {
        List<Account> accounts = new ArrayList<>();
        List<WorkspaceStandIn> workspaces = new ArrayList<>();
        List<Producers> producers = new ArrayList<>();
        List<TelemetryClient> clients = new ArrayList<>();
        JumpingClock flagClock = new JumpingClock();
        try (TelemetryEngine engine = Engines.withFlags(flagClock)) {
            Flags flags = new Flags(flagClock, engine, workspaces);
            for (int i = 0; i < HOSTS; i++) {
                WorkspaceStandIn workspace = WorkspaceStandIn.start();
                TelemetryTarget target =
                        Engines.target(url(workspace), i + 1L, new CurrentToken("soak", workspace), settings());
                workspaces.add(workspace);
                // A reference of its own, so that the counts outlive the last pool.
                clients.add(engine.acquire(target));
                producers.add(new Producers(target, engine, SESSIONS_PER_HOST));
            }
            work(duration, workspaces, producers, flags);
            producers.forEach(Producers::close);
            workspaces.forEach(workspace -> setMode(workspace, ServiceMode.HEALTHY));
            flags.set(() -> true);
            for (int i = 0; i < HOSTS; i++) {
                TelemetryClient client = clients.get(i);
                Producers application = producers.get(i);
                await(() -> application.openings() == application.closings() && isDrained(client));
                accounts.add(new Account(
                        application.statements(),
                        application.openings(),
                        application.closings(),
                        workspaces.get(i).telemetry().documents(),
                        client.statistics()));
            }
        } finally {
            workspaces.forEach(WorkspaceStandIn::close);
        }
        return accounts;
    }

    /** Switches the flags of all workspaces and makes the engine request them. */
    private record Flags(JumpingClock clock, TelemetryEngine engine, List<WorkspaceStandIn> workspaces) {

        void set(BooleanSupplier on) {
            workspaces.forEach(workspace -> workspace.featureFlag().setEnabled(on.getAsBoolean()));
            clock.jump(LONGER_THAN_A_FLAG_HOLDS);
            // A client that is acquired for a moment makes the engine look at its flags.
            WorkspaceStandIn first = workspaces.get(0);
            engine.release(engine.acquire(Engines.target(url(first), new CurrentToken("visitor", first))));
        }
    }

    /** The flag service fails only where the whole workspace does, so that flags change in most faults. */
    private static void setMode(WorkspaceStandIn workspace, ServiceMode mode) {
        workspace.telemetry().setMode(mode);
        workspace.featureFlag().setMode(mode == ServiceMode.ERROR ? mode : ServiceMode.HEALTHY);
    }

    private static String url(WorkspaceStandIn workspace) {
        return "http://" + workspace.host();
    }

    /** The token that the workspace accepts at present. */
    private record CurrentToken(String identity, WorkspaceStandIn workspace) implements CredentialSource {

        @Override
        public String authorization() {
            return "Bearer " + workspace.token();
        }
    }

    private static boolean isDrained(TelemetryClient client) {
        client.flush();
        TelemetryStatistics now = client.statistics();
        return now.events().queued() == 0
                && now.metrics().pending() == 0
                && now.metrics().inFlight() == 0;
    }

    /** The defaults with short times, as the soak is short. */
    private static ClientSettings settings() {
        ClientSettings defaults = ClientSettings.DEFAULTS;
        return new ClientSettings(
                defaults.authenticatedExport(),
                defaults.batchSize(),
                Duration.ofMillis(200),
                defaults.maxPending(),
                defaults.maxInFlightStatements(),
                defaults.maxErrorsPerStatement(),
                defaults.statementTtl(),
                defaults.errorDetail(),
                defaults.export(),
                new CircuitBreakerSettings(5, Duration.ofMillis(500), 2),
                defaults.featureFlag());
    }

    private void work(Duration duration, List<WorkspaceStandIn> workspaces, List<Producers> producers, Flags flags) {
        AtomicBoolean over = new AtomicBoolean();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < PRODUCERS; i++) {
            int first = i;
            Thread thread = new Thread(() -> produce(first, producers, over), "soak-producer-" + i);
            thread.start();
            threads.add(thread);
        }
        Random random = new Random(seed);
        long end = System.nanoTime() + duration.toNanos();
        while (System.nanoTime() < end) {
            WorkspaceStandIn workspace = workspaces.get(random.nextInt(HOSTS));
            ServiceMode[] modes = ServiceMode.values();
            // Healthy half of the time, so that pending metrics are delivered.
            setMode(workspace, random.nextBoolean() ? ServiceMode.HEALTHY : modes[random.nextInt(modes.length)]);
            if (random.nextInt(4) == 0) {
                workspaces.get(random.nextInt(HOSTS)).rotateToken();
            }
            if (random.nextInt(8) == 0) {
                producers.get(random.nextInt(HOSTS)).churn();
            }
            if (random.nextInt(10) == 0) {
                flags.set(() -> random.nextInt(4) > 0);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
        }
        over.set(true);
        threads.forEach(Soak::join);
    }

    private static void produce(int first, List<Producers> producers, AtomicBoolean over) {
        for (int i = first; !over.get(); i++) {
            producers.get(i % HOSTS).statement(i);
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static List<String> threadsLeft(List<Thread> before) {
        System.gc();
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !before.contains(thread))
                .map(Thread::getName)
                .filter(name ->
                        !name.startsWith("Common-Cleaner") && !name.startsWith("CompletableFutureDelayScheduler"))
                .sorted()
                .toList();
    }

    private static long heap() {
        for (int i = 0; i < 3; i++) {
            System.gc();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static void await(BooleanSupplier condition) {
        for (long waited = 0; waited < PATIENCE_MILLIS && !condition.getAsBoolean(); waited += 50) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }
}
