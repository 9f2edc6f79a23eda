package io.github.databrickstelemetry.standin;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The access tokens of the workspace: the present one and the one before are valid. Thread-safe. */
final class Tokens {

    private static final String PREFIX = "stand-in-token-";

    private final AtomicInteger number = new AtomicInteger(1);

    String current() {
        return PREFIX + number.get();
    }

    void rotate() {
        number.incrementAndGet();
    }

    boolean isValid(@Nullable String authorization) {
        int current = number.get();
        return isToken(current, authorization) || isToken(current - 1, authorization);
    }

    /** The driver before version 3 sends the token as the password of a user named token. */
    private static boolean isToken(int number, @Nullable String authorization) {
        byte[] basic = ("token:" + PREFIX + number).getBytes(StandardCharsets.UTF_8);
        return ("Bearer " + PREFIX + number).equals(authorization)
                || ("Basic " + Base64.getEncoder().encodeToString(basic)).equals(authorization);
    }
}
