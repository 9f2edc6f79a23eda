/** Tests of an application's own tests: the slices of Spring Boot with the starter on the class path. */
@NullMarked
package io.github.databrickstelemetry.slices;

import org.jspecify.annotations.NullMarked;
