package io.github.databrickstelemetry.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;

/** What some pools give out: a connection that takes itself for the physical one, unless asked for the driver's type. */
public final class OpaqueConnection {

    private OpaqueConnection() {}

    /** A borrow, which leaves the physical connection open when it is closed. */
    public static Connection around(Connection physical) {
        return (Connection) Proxy.newProxyInstance(
                OpaqueConnection.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("close")) {
                        return null;
                    }
                    if (method.getName().equals("unwrap") && arguments[0] == Connection.class) {
                        return proxy;
                    }
                    try {
                        return method.invoke(physical, arguments);
                    } catch (InvocationTargetException failure) {
                        throw failure.getCause();
                    }
                });
    }
}
