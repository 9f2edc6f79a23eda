package io.github.databrickstelemetry;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.github.databrickstelemetry.insight.StatementLog;
import io.github.databrickstelemetry.properties.TelemetryProperties;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.Logger;

/** The starter's packages know each other one way only, and the engine knows none of them. */
class StarterArchitectureTest {

    private static final String ROOT = "io.github.databrickstelemetry";
    private static final String[] CORE = {
        "config",
        "runtime.internal",
        "failure.internal",
        "event",
        "aggregate..",
        "breaker..",
        "workspace..",
        "export..",
        "flag..",
        "client",
        "engine.internal"
    };

    /** Of this module alone: to look for the package wherever a class path leads takes many times as long. */
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .importUrl(TelemetryProperties.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation());

    @ParameterizedTest(name = "{0} knows the engine and {1}")
    @CsvSource({
        "jdbc, jdbc.delegate",
        "jdbc.delegate, ''",
        "jdbc.datasource, jdbc jdbc.delegate",
        "jdbc.databricks, jdbc",
        "properties, ''",
        "insight, properties",
        "actuate, insight properties",
        "metrics, insight properties",
        "autoconfigure, jdbc jdbc.datasource jdbc.databricks actuate insight metrics properties"
    })
    void dependenciesPointOneWay(String from, String to) {
        DescribedPredicate<JavaClass> allowed =
                resideOutsideOfPackage(ROOT + "..").or(resideInAPackage(ROOT + "." + from));
        for (String core : CORE) {
            allowed = allowed.or(resideInAPackage(ROOT + "." + core));
        }
        for (String other : to.isEmpty() ? List.<String>of() : List.of(to.split(" "))) {
            allowed = allowed.or(resideInAPackage(ROOT + "." + other));
        }
        classes()
                .that()
                .resideInAPackage(ROOT + "." + from)
                .should()
                .onlyDependOnClassesThat(allowed)
                .check(CLASSES);
    }

    @Test
    void theDriverIsNeverLinkedTo() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + "..")
                .should()
                .dependOnClassesThat(
                        resideInAPackage("com.databricks.client..").or(resideInAPackage("com.databricks.jdbc..")))
                .check(CLASSES);
    }

    @Test
    void nothingIsPrinted() {
        NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(CLASSES);
    }

    /** The statement log is the application's own, and off by default. */
    @Test
    void nothingButTheStatementLogIsLoggedAboveDebug() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName(StatementLog.class.getName())
                .should()
                .callMethodWhere(target(owner(type(Logger.class)))
                        .and(target(nameMatching(
                                "(at)?(Info|Warn|Error)|info|warn|error|makeLoggingEventBuilder|atLevel"))))
                .check(CLASSES);
    }

    /** A data source has to answer {@code getParentLogger}; nobody else needs that package. */
    @Test
    void nothingIsLoggedPastSlf4j() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + "..")
                .and()
                .haveSimpleNameNotEndingWith("DataSource")
                .should()
                .dependOnClassesThat(resideInAPackage("java.util.logging"))
                .check(CLASSES);
    }
}
