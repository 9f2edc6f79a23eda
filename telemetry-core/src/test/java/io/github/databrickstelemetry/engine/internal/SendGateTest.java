package io.github.databrickstelemetry.engine.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.databrickstelemetry.aggregate.DropReason;
import io.github.databrickstelemetry.config.ExportSettings;
import io.github.databrickstelemetry.engine.internal.SendGate.Blocked;
import io.github.databrickstelemetry.flag.internal.FlagHandle;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

class SendGateTest {

    private static SendGate gate(boolean flag, BooleanSupplier switchedOff) {
        SendGate gate = new SendGate("a.example:443", ExportSettings.DEFAULTS, false, switchedOff, () -> false);
        gate.follow(() -> FlagHandle.fixed(flag));
        gate.refresh(0);
        return gate;
    }

    @Test
    void namesTheSwitchBeforeTheFlag() {
        SendGate gate = gate(false, () -> true);
        assertThat(gate.blocked(0)).isEqualTo(Blocked.SWITCHED_OFF);
        assertThat(gate.dropReason()).isEqualTo(DropReason.FLAG_OFF);
    }

    @Test
    void knowsTheDropReasonThoughTheSwitchThrows() {
        SendGate gate = gate(true, () -> {
            throw new IllegalStateException("of the test");
        });
        assertThat(gate.dropReason()).isNull();
    }
}
