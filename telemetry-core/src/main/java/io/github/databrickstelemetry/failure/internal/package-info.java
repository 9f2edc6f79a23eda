/**
 * Foreign exceptions: classification, description, redaction.
 */
@NullMarked
package io.github.databrickstelemetry.failure.internal;

import org.jspecify.annotations.NullMarked;
