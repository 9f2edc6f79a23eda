package io.github.databrickstelemetry.jdbc.datasource;

import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A data source that is looked at, and what may be done with it.
 *
 * @param dataSource the bean, or the target of one that stands before others
 * @param described what says how it connects: the data source behind proxies that others have put in front of it
 * @param beanName the bean that it belongs to
 * @param owner the bean whose end is its end, or null if that is never destroyed
 * @param occasion when it is looked at
 * @param byInterface whether its class does not matter, because the bean is declared by an interface
 * @param oneOfSeveral whether it is described by one of several data sources that it chooses among
 * @param depth how many others stand before it
 */
record Candidate(
        DataSource dataSource,
        DataSource described,
        String beanName,
        @Nullable Object owner,
        Occasion occasion,
        boolean byInterface,
        boolean oneOfSeveral,
        int depth) {

    /** When a data source is looked at. */
    enum Occasion {
        /** It may be configured still, and is looked at again. */
        BEFORE_INITIALIZATION,
        /** It is complete, and another object may take its place. */
        AFTER_INITIALIZATION,
        /** It was created before post-processors were ready. */
        TOO_LATE
    }

    /** A data source that this one stands before: no class of it is injected, and it can be replaced. */
    Candidate target(DataSource target) {
        return new Candidate(
                target,
                Delegates.behindProxies(target),
                beanName,
                owner,
                Occasion.AFTER_INITIALIZATION,
                true,
                false,
                depth + 1);
    }

    /** The same bean, described by a data source behind it. */
    Candidate describedBy(DataSource behind, boolean isOneOfSeveral) {
        return new Candidate(dataSource, behind, beanName, owner, occasion, byInterface, isOneOfSeveral, depth + 1);
    }

    /** Whether it will not be looked at again. */
    boolean isLast() {
        return occasion != Occasion.BEFORE_INITIALIZATION;
    }

    /** Why no other object can take its place; null if one can. */
    @Nullable
    String reasonAgainstReplacing() {
        if (oneOfSeveral) {
            return "it chooses among data sources that are no beans: pass each to DataSourceInstrumentation.instrument";
        }
        return occasion == Occasion.TOO_LATE
                ? "created before post-processors were ready"
                : DataSourceProxies.reasonAgainst(dataSource, byInterface);
    }
}
