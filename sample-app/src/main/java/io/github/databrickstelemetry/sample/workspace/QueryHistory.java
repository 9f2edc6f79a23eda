package io.github.databrickstelemetry.sample.workspace;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The workspace's own list of statements that it ran, with the ids that it handed out. Thread-safe. */
public final class QueryHistory {

    private static final int ENTRIES_KEPT = 2_000;

    /**
     * One statement.
     *
     * @param state {@code SUCCEEDED}, {@code FAILED} or {@code CANCELED}
     */
    public record Entry(
            String statementId, String sessionId, String statement, String state, long startedMillis, long millis) {}

    private final Deque<Entry> newest = new ArrayDeque<>();
    private final Set<String> ids = new HashSet<>();
    private long total;

    QueryHistory() {}

    synchronized void add(Entry entry) {
        total++;
        newest.addLast(entry);
        ids.add(entry.statementId());
        if (newest.size() > ENTRIES_KEPT) {
            ids.remove(newest.removeFirst().statementId());
        }
    }

    /** Statements run so far. */
    public synchronized long total() {
        return total;
    }

    /** Whether a statement of this id is among those remembered. */
    public synchronized boolean contains(String statementId) {
        return ids.contains(statementId);
    }

    /** The newest statements, newest first, at most {@code limit} of them. */
    public synchronized List<Entry> newest(int limit) {
        List<Entry> entries = new ArrayList<>();
        var newestFirst = newest.descendingIterator();
        while (newestFirst.hasNext() && entries.size() < limit) {
            entries.add(newestFirst.next());
        }
        return entries;
    }
}
