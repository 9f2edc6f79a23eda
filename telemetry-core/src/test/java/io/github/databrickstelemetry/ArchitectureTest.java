package io.github.databrickstelemetry;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.Logger;

class ArchitectureTest {

    private static final String ROOT = "io.github.databrickstelemetry";
    private static final Set<String> ABOVE_DEBUG =
            Set.of("info", "warn", "error", "atInfo", "atWarn", "atError", "atLevel", "makeLoggingEventBuilder");

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT);

    @ParameterizedTest(name = "{0} depends on nothing but {1}")
    @CsvSource({
        "runtime, ''",
        "config, ''",
        "workspace, config runtime",
        "event, config runtime",
        "failure, config runtime event",
        "aggregate, config runtime event",
        "breaker, config runtime",
        "flag, config runtime workspace",
        "export, config runtime workspace event failure aggregate breaker",
        "client, config runtime workspace event aggregate breaker flag export",
        "engine, config runtime workspace event failure aggregate breaker flag export client"
    })
    void dependenciesPointOneWay(String from, String to) {
        DescribedPredicate<JavaClass> allowed =
                resideOutsideOfPackage(ROOT + "..").or(resideInAPackage(ROOT + "." + from + ".."));
        for (String target : to.isEmpty() ? List.<String>of() : List.of(to.split(" "))) {
            allowed = allowed.or(resideInAPackage(ROOT + "." + target + ".."));
        }
        classes()
                .that()
                .resideInAPackage(ROOT + "." + from + "..")
                .should()
                .onlyDependOnClassesThat(allowed)
                .check(CLASSES);
    }

    @Test
    void everyPackageIsListed() {
        assertThat(CLASSES.stream()
                        .map(type -> type.getPackageName().substring(ROOT.length() + 1))
                        .distinct())
                .containsExactlyInAnyOrder(
                        "client",
                        "event",
                        "aggregate",
                        "aggregate.internal",
                        "engine.internal",
                        "export",
                        "export.internal",
                        "breaker",
                        "breaker.internal",
                        "flag",
                        "flag.internal",
                        "failure.internal",
                        "workspace",
                        "workspace.internal",
                        "config",
                        "runtime.internal");
    }

    /** SQL text and trace contexts live in these types. What sends to the workspace cannot name them. */
    @Test
    void localDetailsCannotReachTheExport() {
        noClasses()
                .that()
                .resideInAnyPackage(ROOT + ".export..", ROOT + ".workspace..", ROOT + ".flag..")
                .should()
                .dependOnClassesThat()
                .haveNameMatching(".*\\.LocalDetails(\\$.*)?")
                .check(CLASSES);
    }

    @Test
    void packagesFormNoCycles() {
        slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void knowsNoSpringBootNoJdbcNoServlet() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.springframework.boot..",
                        "org.springframework.context..",
                        "javax.sql..",
                        "com.databricks.client..",
                        "com.databricks.jdbc..",
                        "jakarta..",
                        "javax.servlet..",
                        "io.micrometer..")
                .check(CLASSES);
    }

    @Test
    void printsNothing() {
        NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(CLASSES);
        NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING.check(CLASSES);
        noClasses().should().callMethod(Throwable.class, "printStackTrace").check(CLASSES);
    }

    @Test
    void logsNothingAboveDebug() {
        DescribedPredicate<JavaMethodCall> above = describe(
                "log above debug",
                call -> call.getTargetOwner().isEquivalentTo(Logger.class) && ABOVE_DEBUG.contains(call.getName()));
        noClasses().should().callMethodWhere(above).check(CLASSES);
    }

    @Test
    void neverSleeps() {
        noClasses()
                .should()
                .callMethod(Thread.class, "sleep", long.class)
                .orShould()
                .callMethod(Thread.class, "sleep", long.class, int.class)
                .check(CLASSES);
    }

    @Test
    void readsTheMachinesClocksInOnePlace() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".runtime..")
                .should()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .check(CLASSES);
    }

    @Test
    void keepsNoMutableStateInStatics() {
        assertThat(CLASSES.stream()
                        .flatMap(type -> type.getFields().stream())
                        .filter(field -> field.getModifiers().contains(JavaModifier.STATIC)
                                && !field.getModifiers().contains(JavaModifier.FINAL))
                        .map(Object::toString))
                .isEmpty();
    }
}
