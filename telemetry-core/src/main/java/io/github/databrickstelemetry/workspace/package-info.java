/**
 * The address of a workspace, and the credentials and settings with which a client reaches it.
 */
@NullMarked
package io.github.databrickstelemetry.workspace;

import org.jspecify.annotations.NullMarked;
