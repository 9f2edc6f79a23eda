package io.github.databrickstelemetry.sample;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Starts the sample. */
@SpringBootApplication
public class SampleApplication {

    /** Without arguments: the stand-in for a workspace; with the profile {@code databricks}: a real one. */
    public static void main(String[] arguments) {
        SpringApplication.run(SampleApplication.class, arguments);
    }
}
