package io.github.databrickstelemetry.jdbc.databricks;

import io.github.databrickstelemetry.jdbc.databricks.workspace.StandInWorkspace;

/** The ways in which the driver speaks to a workspace. */
enum Mode {
    SEA {
        @Override
        String url(StandInWorkspace workspace) {
            return workspace.seaUrl();
        }
    },
    THRIFT {
        @Override
        String url(StandInWorkspace workspace) {
            return workspace.thriftUrl();
        }
    },
    CLUSTER {
        @Override
        String url(StandInWorkspace workspace) {
            return workspace.clusterUrl();
        }
    };

    abstract String url(StandInWorkspace workspace);
}
