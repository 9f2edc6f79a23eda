package io.github.databrickstelemetry.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.databrickstelemetry.jdbc.databricks.DatabricksDriver;
import java.sql.CallableStatement;
import java.sql.DatabaseMetaData;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.TypeReference;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.beans.factory.aot.AotServices;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.jdbc.datasource.lookup.AbstractRoutingDataSource;

class TelemetryRuntimeHintsTest {

    private final RuntimeHints hints = new RuntimeHints();

    @Test
    void aheadOfTimeProcessingFindsThem() {
        assertThat(AotServices.factories().load(RuntimeHintsRegistrar.class))
                .hasAtLeastOneElementOfType(TelemetryRuntimeHints.class);
    }

    @Test
    void knowTheProxies() {
        register(getClass().getClassLoader());

        assertThat(RuntimeHintsPredicates.proxies().forInterfaces(DatabaseMetaData.class))
                .accepts(hints);
        assertThat(RuntimeHintsPredicates.proxies().forInterfaces(CallableStatement.class))
                .accepts(hints);
    }

    @ParameterizedTest
    @MethodSource("fields")
    void knowTheFieldsThatAreRead(String type, List<String> fields) {
        register(getClass().getClassLoader());

        assertThat(hints.reflection().getTypeHint(TypeReference.of(type)))
                .satisfies(hint -> assertThat(hint.fields()).hasSameSizeAs(fields));
    }

    static Stream<Arguments> fields() {
        return TelemetryRuntimeHints.FIELDS.entrySet().stream()
                .map(entry -> Arguments.of(entry.getKey(), entry.getValue()));
    }

    /** A name that the driver of this build does not have would be a typing error. */
    @ParameterizedTest
    @MethodSource("driverTypes")
    void knowWhatIsReadFromTheDriver(String type) {
        register(getClass().getClassLoader());

        assertThat(RuntimeHintsPredicates.reflection()
                        .onType(TypeReference.of(type))
                        .withMemberCategories(MemberCategory.INVOKE_PUBLIC_METHODS, MemberCategory.DECLARED_FIELDS))
                .accepts(hints);
    }

    static Stream<String> driverTypes() {
        return DatabricksDriver.reflectedTypes().stream();
    }

    @Test
    void knowEachComponentOfTheRecordsOfTheWireFormat() throws ClassNotFoundException {
        register(getClass().getClassLoader());
        String export = "io.github.databrickstelemetry.export.internal.";
        List<Class<?>> records = new ArrayList<>();
        for (String name : List.of("WireFormat$Request", "FrontendLog")) {
            Class<?> type = Class.forName(export + name);
            records.add(type);
            records.addAll(List.of(type.getDeclaredClasses()));
        }

        assertThat(records)
                .hasSizeGreaterThan(15)
                .allSatisfy(type -> assertThat(type.getRecordComponents())
                        .isNotEmpty()
                        .allSatisfy(component -> assertThat(
                                        RuntimeHintsPredicates.reflection().onMethod(component.getAccessor()))
                                .accepts(hints)));
    }

    @Test
    void knowThePartsOfTheLivePage() {
        register(getClass().getClassLoader());

        assertThat(RuntimeHintsPredicates.resource()
                        .forResource("io/github/databrickstelemetry/actuate/page/page.html"))
                .accepts(hints);
    }

    @ParameterizedTest
    @MethodSource("poolTypes")
    void knowThePoolsThatAreAskedHowTheyConnect(String type) {
        register(getClass().getClassLoader());

        assertThat(RuntimeHintsPredicates.reflection()
                        .onType(TypeReference.of(type))
                        .withMemberCategory(MemberCategory.INVOKE_PUBLIC_METHODS))
                .accepts(hints);
    }

    static Stream<String> poolTypes() {
        return TelemetryRuntimeHints.POOL_TYPES.stream();
    }

    @Test
    void knowTheFieldsOfSpringsDataSources() {
        register(getClass().getClassLoader());

        assertThat(hints.reflection().getTypeHint(TypeReference.of(AbstractRoutingDataSource.class)))
                .satisfies(type -> assertThat(type.fields()).hasSize(2));
    }

    @Test
    void sayNothingOfADriverThatIsNotThere() {
        register(new FilteredClassLoader("com.databricks"));

        assertThat(hints.reflection().typeHints())
                .noneMatch(hint -> hint.getType().getName().startsWith("com.databricks"));
    }

    private void register(ClassLoader classLoader) {
        new TelemetryRuntimeHints().registerHints(hints, classLoader);
    }
}
