package io.github.databrickstelemetry.jdbc.databricks;

import io.github.databrickstelemetry.standin.Protocol;
import io.github.databrickstelemetry.standin.WorkspaceStandIn;

/** The ways in which the driver speaks to a workspace. */
enum Mode {
    SEA {
        @Override
        String url(WorkspaceStandIn workspace) {
            return workspace.jdbcUrl();
        }
    },
    THRIFT {
        @Override
        String url(WorkspaceStandIn workspace) {
            return workspace.jdbcUrl(Protocol.THRIFT);
        }
    },
    CLUSTER {
        @Override
        String url(WorkspaceStandIn workspace) {
            return workspace.jdbcUrl(Protocol.CLUSTER);
        }
    };

    abstract String url(WorkspaceStandIn workspace);
}
