/**
 * How a workspace is spoken to: address, credentials, transport.
 */
@NullMarked
package io.github.databrickstelemetry.http;

import org.jspecify.annotations.NullMarked;
