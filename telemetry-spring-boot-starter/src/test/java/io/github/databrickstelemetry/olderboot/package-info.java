/** An application on a line of Spring Boot that is too old for this library. */
@NullMarked
package io.github.databrickstelemetry.olderboot;

import org.jspecify.annotations.NullMarked;
