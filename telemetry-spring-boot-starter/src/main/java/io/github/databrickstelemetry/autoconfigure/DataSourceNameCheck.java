package io.github.databrickstelemetry.autoconfigure;

import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import javax.sql.DataSource;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.ListableBeanFactory;

/**
 * Fails the start if the properties name a data source that does not exist: a typing error would otherwise go unnoticed
 * until somebody misses the metrics. Looks at bean definitions only, so that no bean is created for it.
 */
final class DataSourceNameCheck {

    private DataSourceNameCheck() {}

    static void run(TelemetrySettings settings, ListableBeanFactory beanFactory) {
        for (String name : settings.dataSourceNames()) {
            if (!beanFactory.containsBean(name)) {
                throw new InvalidTelemetryPropertyException(
                        TelemetryProperties.PREFIX + ".data-sources." + name,
                        "names a data source that does not exist",
                        "the name of a DataSource bean " + dataSourceBeans(beanFactory),
                        null);
            }
        }
    }

    private static Set<String> dataSourceBeans(ListableBeanFactory beanFactory) {
        Set<String> names = new TreeSet<>();
        Arrays.stream(BeanFactoryUtils.beanNamesForTypeIncludingAncestors(beanFactory, DataSource.class, true, false))
                .filter(name -> !name.startsWith("scopedTarget."))
                .forEach(names::add);
        return names;
    }
}
