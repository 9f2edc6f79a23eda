/**
 * Host validation, credentials and HTTP transport.
 */
@NullMarked
package io.github.databrickstelemetry.workspace.internal;

import org.jspecify.annotations.NullMarked;
