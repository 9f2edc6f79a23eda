package io.github.databrickstelemetry.runtime.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RandomIdsTest {

    @Test
    void makesVersionFourUuids() {
        RandomIds ids = new RandomIds();
        for (int i = 0; i < 1_000; i++) {
            String text = ids.get();
            UUID id = UUID.fromString(text);
            assertThat(id.version()).isEqualTo(4);
            assertThat(id.variant()).isEqualTo(2);
            assertThat(id).hasToString(text);
        }
    }

    @Test
    void neverRepeatsAnId() {
        RandomIds ids = new RandomIds();
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 200_000; i++) {
            assertThat(seen.add(ids.get())).isTrue();
        }
    }

    @Test
    void instancesDoNotRepeatEachOther() {
        Set<String> seen = new HashSet<>();
        for (int instance = 0; instance < 100; instance++) {
            RandomIds ids = new RandomIds();
            for (int i = 0; i < 100; i++) {
                assertThat(seen.add(ids.get())).isTrue();
            }
        }
    }

    @Test
    void keysThatAreCloseGiveUnrelatedIds() {
        RandomIds one = new RandomIds(0, 0);
        RandomIds two = new RandomIds(0, 1);
        int sameCharacters = 0;
        for (int i = 0; i < 1_000; i++) {
            String a = one.get().substring(24);
            String b = two.get().substring(24);
            for (int c = 0; c < a.length(); c++) {
                if (a.charAt(c) == b.charAt(c)) {
                    sameCharacters++;
                }
            }
        }
        // 12,000 pairs of hexadecimal digits agree by chance 750 times; the standard deviation is 27.
        assertThat(sameCharacters).isBetween(550, 950);
    }
}
