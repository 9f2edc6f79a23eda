package io.github.databrickstelemetry.jdbc.datasource;

import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.Advised;

/**
 * A data source that is looked at, and what may be done with it.
 *
 * @param dataSource the bean, or the target of one that stands before others
 * @param described what says how it connects: the data source behind proxies that others have put in front of it
 * @param beanName the bean that it belongs to
 * @param owner the bean whose end is its end
 * @param occasion when it is looked at
 * @param byInterface whether its class does not matter, because the bean is declared by an interface
 * @param depth how many others stand before it
 */
record Candidate(
        DataSource dataSource,
        DataSource described,
        String beanName,
        Object owner,
        Occasion occasion,
        boolean byInterface,
        int depth) {

    /** When a data source is looked at. */
    enum Occasion {
        /** It may be configured still, and cannot be replaced. */
        BEFORE_INITIALIZATION,
        /** It is complete, and another object may take its place. */
        AFTER_INITIALIZATION,
        /** It was created before post-processors were ready. */
        TOO_LATE
    }

    /** @param raw the bean before others have wrapped it, or null if it is not known */
    static Candidate bean(
            DataSource dataSource,
            @Nullable DataSource raw,
            String beanName,
            Object owner,
            Occasion occasion,
            boolean byInterface) {
        return new Candidate(
                dataSource, behind(raw == null ? dataSource : raw), beanName, owner, occasion, byInterface, 0);
    }

    /** A data source that this one stands before: no class of it is injected, and it can be replaced. */
    Candidate target(DataSource target) {
        return new Candidate(target, behind(target), beanName, owner, Occasion.AFTER_INITIALIZATION, true, depth + 1);
    }

    /** The same bean, described by a data source behind it. */
    Candidate describedBy(DataSource behind) {
        return new Candidate(dataSource, behind, beanName, owner, occasion, byInterface, depth + 1);
    }

    /** Whether it will not be looked at again. */
    boolean isLast() {
        return occasion != Occasion.BEFORE_INITIALIZATION;
    }

    boolean isReplaceable() {
        return occasion == Occasion.AFTER_INITIALIZATION;
    }

    /** Behind Spring's proxies, as far as their target stays the same. Nothing is looked up or created. */
    static DataSource behind(DataSource dataSource) {
        DataSource found = dataSource;
        for (int depth = 0; depth < 8 && found instanceof Advised advised; depth++) {
            try {
                Object target = advised.getTargetSource().isStatic()
                        ? advised.getTargetSource().getTarget()
                        : null;
                if (!(target instanceof DataSource next)) {
                    break;
                }
                found = next;
            } catch (Exception unknown) {
                break;
            }
        }
        return found;
    }
}
