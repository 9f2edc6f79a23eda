package io.github.databrickstelemetry.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.DatabaseMetaData;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.TypeReference;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.lookup.AbstractRoutingDataSource;

class JdbcRuntimeHintsTest {

    @Test
    void isFoundBySpringAndNamesWhatIsReflectedUpon() {
        List<RuntimeHintsRegistrar> registrars = SpringFactoriesLoader.forResourceLocation(
                        "META-INF/spring/aot.factories")
                .load(RuntimeHintsRegistrar.class);
        RuntimeHintsRegistrar ours = registrars.stream()
                .filter(JdbcRuntimeHints.class::isInstance)
                .findFirst()
                .orElseThrow();
        RuntimeHints hints = new RuntimeHints();
        ours.registerHints(hints, getClass().getClassLoader());
        assertThat(RuntimeHintsPredicates.proxies().forInterfaces(DatabaseMetaData.class))
                .accepts(hints);
        assertThat(RuntimeHintsPredicates.reflection().onType(DriverManagerDataSource.class))
                .accepts(hints);
        assertThat(hints.reflection().getTypeHint(TypeReference.of(AbstractRoutingDataSource.class)))
                .satisfies(type -> assertThat(type.fields()).hasSize(2));
    }
}
