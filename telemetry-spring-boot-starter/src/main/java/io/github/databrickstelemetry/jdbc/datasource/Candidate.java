package io.github.databrickstelemetry.jdbc.datasource;

import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A data source that is looked at, and what may be done with it.
 *
 * @param dataSource the bean, or the target of one that stands before others
 * @param described what says how it connects: the data source behind proxies that others have put in front of it
 * @param beanName the bean that it belongs to
 * @param owner the bean whose end is its end, or null if that is never destroyed
 * @param isLast whether it is complete; else it may be configured still, and is looked at again
 * @param reasonAgainstReplacing why no other object can take its place; null if one can
 * @param depth how many others stand before it
 */
record Candidate(
        DataSource dataSource,
        DataSource described,
        String beanName,
        @Nullable Object owner,
        boolean isLast,
        Supplier<@Nullable String> reasonAgainstReplacing,
        int depth) {

    /** One that is no bean: its class is injected nowhere. */
    static Candidate noBean(DataSource dataSource, String beanName, @Nullable Object owner, int depth) {
        return new Candidate(
                dataSource,
                Delegates.behindProxies(dataSource),
                beanName,
                owner,
                true,
                () -> DataSourceProxies.reasonAgainst(dataSource, true),
                depth);
    }

    /** A data source that this one stands before. */
    Candidate target(DataSource target) {
        return noBean(target, beanName, owner, depth + 1);
    }

    /** The same bean, described by a data source behind it, which may be one of several that it chooses among. */
    Candidate describedBy(DataSource behind, boolean oneOfSeveral) {
        return new Candidate(
                dataSource,
                behind,
                beanName,
                owner,
                isLast,
                oneOfSeveral
                        ? () -> "it chooses among data sources that are no beans: "
                                + "pass each to DataSourceInstrumentation.instrument"
                        : reasonAgainstReplacing,
                depth + 1);
    }
}
