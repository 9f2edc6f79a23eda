package io.github.databrickstelemetry.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.databrickstelemetry.autoconfigure.DatabricksTelemetryAutoConfiguration;
import io.github.databrickstelemetry.client.TelemetryClientProvider;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.asm.ClassReader;

/**
 * Resolves every class, field and method that the library's classes refer to against the class path on which this test
 * runs. The library is compiled against one line of Spring Boot and runs on two: what a newer Spring has removed, moved
 * or given another signature shows here, and not when an application first comes along that way.
 */
class LinkCheckTest {

    private static final int CLASS = 7;
    private static final int FIELD = 9;
    private static final int METHOD = 10;
    private static final int INTERFACE_METHOD = 11;

    /** Only one of the two lines has its classes here. */
    private static final List<String> HEALTH_OF_SPRING_BOOT_3 = List.of(
            "org.springframework.boot.actuate.health.", "org.springframework.boot.actuate.autoconfigure.health.");

    private static final List<String> HEALTH_OF_SPRING_BOOT_4 = List.of("org.springframework.boot.health.");

    private final ClassLoader classLoader = LinkCheckTest.class.getClassLoader();

    private record Reference(String from, int kind, String owner, String name, String descriptor) {
        @Override
        public String toString() {
            return from + " -> " + owner + (kind == CLASS ? "" : "." + name + descriptor);
        }
    }

    @ParameterizedTest
    @ValueSource(classes = {TelemetryClientProvider.class, DatabricksTelemetryAutoConfiguration.class})
    void everythingThatTheLibraryRefersToIsThere(Class<?> inJar) {
        List<Reference> references = references(inJar);
        Set<String> forOthers = forOthers();

        Set<String> broken = new TreeSet<>();
        for (Reference reference : references) {
            boolean expected = isOfTheOtherLine(reference.owner) || forOthers.contains(reference.owner);
            if (!expected && !resolves(reference)) {
                broken.add(reference.toString());
            }
        }

        assertThat(references).hasSizeGreaterThan(500);
        assertThat(broken).isEmpty();
    }

    @Test
    void onlyHealthAndTheSdkAreForOthers() {
        assertThat(forOthers()).isNotEmpty().allMatch(name -> name.matches(".*(Boot[34]Health|Sdk).*"));
    }

    @Test
    void theHealthClassesOfExactlyOneLineAreThere() {
        List<String> owners = references(DatabricksTelemetryAutoConfiguration.class).stream()
                .map(Reference::owner)
                .distinct()
                .toList();

        assertThat(isThere(owners, HEALTH_OF_SPRING_BOOT_3)).isNotEqualTo(isThere(owners, HEALTH_OF_SPRING_BOOT_4));
    }

    @Test
    void noticesWhatIsMissing() {
        assertThat(resolves(new Reference("x", CLASS, "java.lang.Strin", "", "")))
                .isFalse();
        assertThat(resolves(new Reference("x", METHOD, "java.lang.String", "length", "()J")))
                .isFalse();
        assertThat(resolves(new Reference("x", METHOD, "java.lang.String", "length", "()I")))
                .isTrue();
        assertThat(resolves(new Reference("x", METHOD, "java.lang.String", "<init>", "(D)V")))
                .isFalse();
        assertThat(resolves(new Reference("x", FIELD, "java.lang.System", "out", "Ljava/io/PrintWriter;")))
                .isFalse();
        assertThat(resolves(new Reference("x", INTERFACE_METHOD, "java.util.List", "hashCode", "()I")))
                .isTrue();
    }

    /** Classes of the library that have no use here: for the other line, or for a library that is not there. */
    private Set<String> forOthers() {
        return Stream.of(TelemetryClientProvider.class, DatabricksTelemetryAutoConfiguration.class)
                .flatMap(inJar -> references(inJar).stream())
                .filter(reference -> isOfTheOtherLine(reference.owner))
                .map(Reference::from)
                .collect(Collectors.toSet());
    }

    private boolean isThere(List<String> owners, List<String> packages) {
        List<String> concerned =
                owners.stream().filter(owner -> startsWithAny(owner, packages)).toList();
        assertThat(concerned).isNotEmpty();
        return concerned.stream().allMatch(owner -> resolves(new Reference("", CLASS, owner, "", "")));
    }

    private boolean isOfTheOtherLine(String owner) {
        if (startsWithAny(owner, HEALTH_OF_SPRING_BOOT_3)) {
            return !exists("org.springframework.boot.actuate.health.Health");
        }
        if (startsWithAny(owner, HEALTH_OF_SPRING_BOOT_4)) {
            return !exists("org.springframework.boot.health.contributor.Health");
        }
        return false;
    }

    private static boolean startsWithAny(String owner, List<String> packages) {
        return packages.stream().anyMatch(owner::startsWith);
    }

    private boolean exists(String className) {
        return resolves(new Reference("", CLASS, className, "", ""));
    }

    // Resolving

    private boolean resolves(Reference reference) {
        try {
            Class<?> owner = Class.forName(reference.owner, false, classLoader);
            return switch (reference.kind) {
                case FIELD -> lineage(owner).anyMatch(type -> hasField(type, reference));
                case METHOD, INTERFACE_METHOD ->
                    owner == MethodHandle.class
                            || owner == VarHandle.class
                            || lineage(owner).anyMatch(type -> hasMethod(type, reference));
                default -> true;
            };
        } catch (ClassNotFoundException | LinkageError missing) {
            return false;
        }
    }

    /** The class, what it extends and implements, and what every object can do. */
    private static Stream<Class<?>> lineage(Class<?> owner) {
        if (owner.isArray()) {
            return Stream.of(Object.class);
        }
        List<Class<?>> lineage = new ArrayList<>();
        for (Class<?> type = owner; type != null; type = type.getSuperclass()) {
            lineage.add(type);
            Arrays.stream(type.getInterfaces()).flatMap(LinkCheckTest::lineage).forEach(lineage::add);
        }
        lineage.add(Object.class);
        return lineage.stream();
    }

    private static boolean hasField(Class<?> type, Reference reference) {
        for (Field field : type.getDeclaredFields()) {
            if (field.getName().equals(reference.name)
                    && field.getType().descriptorString().equals(reference.descriptor)) {
                return true;
            }
        }
        return false;
    }

    private static boolean hasMethod(Class<?> type, Reference reference) {
        if (reference.name.equals("<init>")) {
            for (Constructor<?> constructor : type.getDeclaredConstructors()) {
                if (descriptor(void.class, constructor.getParameterTypes()).equals(reference.descriptor)) {
                    return type.getName().equals(reference.owner);
                }
            }
            return false;
        }
        for (Method method : type.getDeclaredMethods()) {
            if (method.getName().equals(reference.name)
                    && descriptor(method.getReturnType(), method.getParameterTypes())
                            .equals(reference.descriptor)) {
                return true;
            }
        }
        return false;
    }

    private static String descriptor(Class<?> returned, Class<?>[] parameters) {
        return MethodType.methodType(returned, parameters).toMethodDescriptorString();
    }

    // Reading

    private static List<Reference> references(Class<?> inJar) {
        List<Reference> references = new ArrayList<>();
        withRoot(inJar, root -> {
            try (Stream<Path> files = Files.walk(root)) {
                files.filter(file -> file.toString().endsWith(".class")).forEach(file -> read(file, references));
            }
        });
        return references;
    }

    @FunctionalInterface
    private interface WithRoot {
        void accept(Path root) throws IOException;
    }

    private static void withRoot(Class<?> inJar, WithRoot action) {
        try {
            URI location =
                    inJar.getProtectionDomain().getCodeSource().getLocation().toURI();
            Path path = Path.of(location);
            if (Files.isDirectory(path)) {
                action.accept(path);
                return;
            }
            try (FileSystem jar = FileSystems.newFileSystem(path, Map.of())) {
                action.accept(jar.getPath("/"));
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (URISyntaxException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static void read(Path file, List<Reference> references) {
        try (InputStream in = Files.newInputStream(file)) {
            ClassReader reader = new ClassReader(in);
            char[] buffer = new char[reader.getMaxStringLength()];
            String from = reader.getClassName().replace('/', '.');
            for (int i = 1; i < reader.getItemCount(); i++) {
                int offset = reader.getItem(i);
                // Longs and doubles take two places, of which the second has no offset.
                if (offset > 0) {
                    reference(reader, buffer, from, offset).forEach(references::add);
                }
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static List<Reference> reference(ClassReader reader, char[] buffer, String from, int offset) {
        int kind = reader.readByte(offset - 1);
        if (kind == CLASS) {
            return owner(reader.readUTF8(offset, buffer))
                    .map(owner -> List.of(new Reference(from, CLASS, owner, "", "")))
                    .orElse(List.of());
        }
        if (kind != FIELD && kind != METHOD && kind != INTERFACE_METHOD) {
            return List.of();
        }
        int nameAndType = reader.getItem(reader.readUnsignedShort(offset + 2));
        String name = reader.readUTF8(nameAndType, buffer);
        String descriptor = reader.readUTF8(nameAndType + 2, buffer);
        return owner(reader.readClass(offset, buffer))
                .map(owner -> List.of(new Reference(from, kind, owner, name, descriptor)))
                .orElse(Collections.emptyList());
    }

    /** As {@link Class#forName} wants it; nothing for arrays, whose methods are those of every object. */
    private static Optional<String> owner(String internalName) {
        return internalName.startsWith("[") ? Optional.empty() : Optional.of(internalName.replace('/', '.'));
    }
}
