package io.github.databrickstelemetry.client;

/**
 * Counters of statements. Immutable.
 *
 * @param inFlight statements that are open at present
 * @param evicted statements given up by age or by number
 */
public record StatementCounts(long inFlight, long evicted) {

    /** No statement yet. */
    public static final StatementCounts NONE = new StatementCounts(0, 0);

    /** The sum of both. */
    public StatementCounts plus(StatementCounts other) {
        return new StatementCounts(inFlight + other.inFlight, evicted + other.evicted);
    }
}
