package io.github.databrickstelemetry.standin;

/** How the driver talks to the workspace. */
public enum Protocol {

    /** To a SQL warehouse through the Statement Execution API. */
    SEA("/sql/1.0/warehouses/abc123", "UseThriftClient=0"),

    /** To a SQL warehouse through Thrift. */
    THRIFT("/sql/1.0/warehouses/abc123", "UseThriftClient=1"),

    /** To an all-purpose cluster, which knows Thrift only. */
    CLUSTER("/sql/protocolv1/o/6051921418418893/0123-456789-abcdefgh", "UseThriftClient=1");

    final String settings;

    Protocol(String httpPath, String client) {
        this.settings = "httpPath=" + httpPath + ";" + client;
    }
}
