package io.github.databrickstelemetry.jdbc;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * Shows the id of a connection's latest statement in the SLF4J MDC of the thread that executed it, until the connection is
 * given back. The MDC is then as it was before. One per connection; thread-safe.
 *
 * <p>Several connections of one thread may end in any order. So each thread has a list of what is shown, in order; its
 * first element is the value before all of them. Elements are types of the JDK, so that no thread keeps our classes.
 */
final class StatementMdc {

    static final String KEY = "databricks.statement_id";

    private static final ThreadLocal<List<AtomicReference<@Nullable String>>> SHOWN = new ThreadLocal<>();

    /** The statement id that is shown; null when it is not any more. */
    private AtomicReference<@Nullable String> shown = new AtomicReference<>();

    /** Shows the id of the latest statement on the calling thread, and on no other; none for null. */
    synchronized void show(@Nullable String id) {
        if (id == null) {
            end();
            return;
        }
        List<AtomicReference<@Nullable String>> list = SHOWN.get();
        if (list == null) {
            list = new ArrayList<>();
            list.add(new AtomicReference<>(MDC.get(KEY)));
            SHOWN.set(list);
        }
        // Another thread's list drops the old element when that thread uses it next.
        shown.set(null);
        removeEnded(list);
        shown = new AtomicReference<>(id);
        list.add(shown);
        MDC.put(KEY, id);
    }

    /** Shows none any more: the connection is given back. */
    synchronized void end() {
        shown.set(null);
        List<AtomicReference<@Nullable String>> list = SHOWN.get();
        if (list != null) {
            removeEnded(list);
            String now = list.get(list.size() - 1).get();
            if (list.size() == 1) {
                SHOWN.remove();
            }
            if (now == null) {
                MDC.remove(KEY);
            } else {
                MDC.put(KEY, now);
            }
        }
    }

    private static void removeEnded(List<AtomicReference<@Nullable String>> list) {
        list.subList(1, list.size()).removeIf(each -> each.get() == null);
    }
}
