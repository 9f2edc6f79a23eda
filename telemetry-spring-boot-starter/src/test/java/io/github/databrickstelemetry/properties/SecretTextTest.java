package io.github.databrickstelemetry.properties;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class SecretTextTest {

    private static final String SECRET = "dapi-SECRET";

    private final Map<String, String> texts = new TreeMap<>();

    @Test
    void noPropertiesRecordPrintsASecretInAnyOfItsTexts() throws ReflectiveOperationException {
        putSecrets("", TelemetryProperties.class);
        TelemetryProperties properties =
                new Binder(new MapConfigurationPropertySource(texts)).bindOrCreate("", TelemetryProperties.class);
        Set<Record> records = new LinkedHashSet<>();
        collect(properties, records);

        assertThat(texts).containsKeys("hosts.x.host", "hosts.x.token", "dataSources.x.httpPath", "export.proxy.host");
        assertThat(records.stream().map(Object::getClass))
                .contains(TelemetryProperties.DataSource.class, HostProperties.class, HostProperties.Proxy.class);
        assertThat(records).allSatisfy(each -> assertThat(each.toString()).doesNotContain(SECRET));
    }

    private void putSecrets(String prefix, Class<?> type) {
        for (RecordComponent component : type.getRecordComponents()) {
            String name = prefix + component.getName();
            putSecret(name, component.getGenericType());
        }
    }

    private void putSecret(String name, Type type) {
        if (type == String.class) {
            texts.put(name, SECRET);
        } else if (type instanceof Class<?> nested && nested.isRecord()) {
            putSecrets(name + ".", nested);
        } else if (type instanceof ParameterizedType generic) {
            Type[] arguments = generic.getActualTypeArguments();
            putSecret(name + (generic.getRawType() == Map.class ? ".x" : "[0]"), arguments[arguments.length - 1]);
        }
    }

    private static void collect(Object value, Set<Record> records) throws ReflectiveOperationException {
        if (value instanceof Map<?, ?> map) {
            collect(List.copyOf(map.values()), records);
        } else if (value instanceof List<?> list) {
            for (Object each : list) {
                collect(each, records);
            }
        } else if (value instanceof Record each && records.add(each)) {
            for (RecordComponent component : each.getClass().getRecordComponents()) {
                Object part = component.getAccessor().invoke(each);
                if (part != null) {
                    collect(part, records);
                }
            }
        }
    }
}
