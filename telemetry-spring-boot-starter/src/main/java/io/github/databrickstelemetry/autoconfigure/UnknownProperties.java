package io.github.databrickstelemetry.autoconfigure;

import java.util.List;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.UnboundElementsSourceFilter;
import org.springframework.core.env.Environment;

/**
 * Properties under our prefix that nothing reads, which are typing errors mostly. They never fail the start, as an
 * application may share its configuration with one that has another version of this library. Environment variables and
 * system properties are left out: they are shared by many programs.
 */
final class UnknownProperties {

    private UnknownProperties() {}

    /** Their names, in order; never their values. Binds everything once more, so ask only when somebody looks. */
    static List<String> in(Environment environment) {
        try {
            Binder.get(environment)
                    .bind(
                            TelemetryProperties.PREFIX,
                            Bindable.of(TelemetryProperties.class),
                            new NoUnboundElementsBindHandler(BindHandler.DEFAULT, new UnboundElementsSourceFilter()));
        } catch (BindException failure) {
            if (failure.getCause() instanceof UnboundConfigurationPropertiesException unknown) {
                return unknown.getUnboundProperties().stream()
                        .map(property -> property.getName().toString())
                        .sorted()
                        .toList();
            }
        }
        return List.of();
    }
}
