package io.github.databrickstelemetry.autoconfigure;

import io.github.databrickstelemetry.properties.InvalidTelemetryPropertyException;
import io.github.databrickstelemetry.properties.TelemetryProperties;
import io.github.databrickstelemetry.properties.TelemetrySettings;
import io.github.databrickstelemetry.properties.UniformName;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.ListableBeanFactory;

/**
 * Which data source an entry under {@code data-sources} means: the bean with that name or alias, else the only one whose
 * name looks the same in an environment variable. Looks at bean definitions only, so that no bean is created for it.
 * Thread-safe.
 */
final class DataSourceNames {

    private final TelemetrySettings settings;
    private final ListableBeanFactory beanFactory;

    DataSourceNames(TelemetrySettings settings, ListableBeanFactory beanFactory) {
        this.settings = settings;
        this.beanFactory = beanFactory;
    }

    /** The entry that holds for a data source, or its own name if there is none. Of two entries, a disabled one holds. */
    String entryFor(String beanName) {
        Set<String> entries = settings.dataSourceNames();
        if (entries.isEmpty()) {
            return beanName;
        }
        Set<String> names = namesOf(beanName);
        Set<String> beans = beans();
        beans.add(beanName);
        List<String> exact = entries.stream().filter(names::contains).toList();
        return (exact.isEmpty() ? entries : exact)
                .stream()
                        .filter(entry -> names.contains(entry) || beanName.equals(beanOf(entry, beans)))
                        .min(Comparator.comparing((String entry) ->
                                        settings.dataSource(entry).enabled())
                                .thenComparing(entry -> !entry.equals(beanName)))
                        .orElse(beanName);
    }

    /**
     * Fails the start if the properties name a data source that does not exist, because a typing error would show only as
     * missing metrics.
     */
    void check() {
        for (String entry : settings.dataSourceNames()) {
            Set<String> beans = beans();
            if (beanOf(entry, beans) == null && !mayBeOne(entry)) {
                throw new InvalidTelemetryPropertyException(
                        TelemetryProperties.PREFIX + ".data-sources." + entry,
                        "names a data source that does not exist",
                        "the name of a DataSource bean " + beans,
                        null);
            }
        }
    }

    private @Nullable String beanOf(String entry, Set<String> beans) {
        for (String bean : beans) {
            if (namesOf(bean).contains(entry)) {
                return bean;
            }
        }
        String uniform = UniformName.of(entry);
        List<String> similar = beans.stream()
                .filter(bean -> namesOf(bean).stream().map(UniformName::of).anyMatch(uniform::equals))
                .toList();
        return similar.size() == 1 ? similar.get(0) : null;
    }

    private Set<String> namesOf(String bean) {
        Set<String> names = new HashSet<>(Arrays.asList(beanFactory.getAliases(bean)));
        names.add(bean);
        return names;
    }

    private Set<String> beans() {
        Set<String> names = new TreeSet<>();
        for (String name :
                BeanFactoryUtils.beanNamesForTypeIncludingAncestors(beanFactory, DataSource.class, true, false)) {
            // Without the prefix under which a scoped bean is registered.
            names.add(ScopedProxyUtils.isScopedTarget(name) ? ScopedProxyUtils.getOriginalBeanName(name) : name);
        }
        return names;
    }

    /** True if there is such a bean whose type is known only once it is created. */
    private boolean mayBeOne(String name) {
        return beanFactory.containsBean(name) && beanFactory.getType(name, false) == null;
    }
}
