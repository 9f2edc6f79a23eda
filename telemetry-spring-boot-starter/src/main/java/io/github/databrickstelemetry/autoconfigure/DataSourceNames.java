package io.github.databrickstelemetry.autoconfigure;

import io.github.databrickstelemetry.properties.InvalidTelemetryPropertyException;
import io.github.databrickstelemetry.properties.TelemetryProperties;
import io.github.databrickstelemetry.properties.TelemetrySettings;
import io.github.databrickstelemetry.properties.UniformName;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
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

    /**
     * The entry that holds for a data source, or its own name if there is none. An entry with one of its names beats one whose
     * name looks the same; of two such entries, a disabled one holds.
     */
    String entryFor(String beanName) {
        Set<String> entries = settings.dataSources().keySet();
        if (entries.isEmpty()) {
            return beanName;
        }
        Set<String> beans = beans();
        beans.add(beanName);
        return entries.stream()
                .filter(entry -> beanName.equals(beanOf(entry, beans)))
                .min(Comparator.comparing((String entry) -> !isNameOf(beanName, entry::equals))
                        .thenComparing(entry -> settings.dataSource(entry).enabled())
                        .thenComparing(entry -> !entry.equals(beanName)))
                .orElse(beanName);
    }

    /**
     * Fails the start if the properties name a data source that does not exist, because a typing error would show only as
     * missing metrics.
     */
    void check() {
        Set<String> beans = settings.dataSources().keySet().isEmpty() ? Set.of() : beans();
        for (String entry : settings.dataSources().keySet()) {
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
        String exact = only(beans, entry::equals);
        String uniform = UniformName.of(entry);
        return exact == null ? only(beans, name -> UniformName.of(name).equals(uniform)) : exact;
    }

    private @Nullable String only(Set<String> beans, Predicate<String> nameOrAlias) {
        List<String> found =
                beans.stream().filter(bean -> isNameOf(bean, nameOrAlias)).toList();
        return found.size() == 1 ? found.get(0) : null;
    }

    private boolean isNameOf(String bean, Predicate<String> nameOrAlias) {
        return nameOrAlias.test(bean) || Stream.of(beanFactory.getAliases(bean)).anyMatch(nameOrAlias);
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
