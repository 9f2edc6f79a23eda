/**
 * What may leave the process: redaction of free text, and which hosts may be contacted.
 */
@NullMarked
package io.github.databrickstelemetry.privacy;

import org.jspecify.annotations.NullMarked;
