package io.github.databrickstelemetry.standin;

import com.databricks.internal.apache.thrift.TException;
import com.databricks.internal.apache.thrift.protocol.TBinaryProtocol;
import com.databricks.internal.apache.thrift.transport.TIOStreamTransport;
import com.databricks.jdbc.model.client.thrift.generated.TCLIService;
import com.databricks.jdbc.model.client.thrift.generated.TCancelOperationReq;
import com.databricks.jdbc.model.client.thrift.generated.TCancelOperationResp;
import com.databricks.jdbc.model.client.thrift.generated.TCloseOperationReq;
import com.databricks.jdbc.model.client.thrift.generated.TCloseOperationResp;
import com.databricks.jdbc.model.client.thrift.generated.TCloseSessionReq;
import com.databricks.jdbc.model.client.thrift.generated.TCloseSessionResp;
import com.databricks.jdbc.model.client.thrift.generated.TExecuteStatementReq;
import com.databricks.jdbc.model.client.thrift.generated.TExecuteStatementResp;
import com.databricks.jdbc.model.client.thrift.generated.TFetchResultsReq;
import com.databricks.jdbc.model.client.thrift.generated.TFetchResultsResp;
import com.databricks.jdbc.model.client.thrift.generated.TGetCatalogsReq;
import com.databricks.jdbc.model.client.thrift.generated.TGetCatalogsResp;
import com.databricks.jdbc.model.client.thrift.generated.TGetInfoReq;
import com.databricks.jdbc.model.client.thrift.generated.TGetInfoResp;
import com.databricks.jdbc.model.client.thrift.generated.TGetInfoValue;
import com.databricks.jdbc.model.client.thrift.generated.TGetOperationStatusReq;
import com.databricks.jdbc.model.client.thrift.generated.TGetOperationStatusResp;
import com.databricks.jdbc.model.client.thrift.generated.TGetSchemasReq;
import com.databricks.jdbc.model.client.thrift.generated.TGetSchemasResp;
import com.databricks.jdbc.model.client.thrift.generated.TGetTablesReq;
import com.databricks.jdbc.model.client.thrift.generated.TGetTablesResp;
import com.databricks.jdbc.model.client.thrift.generated.THandleIdentifier;
import com.databricks.jdbc.model.client.thrift.generated.TNamespace;
import com.databricks.jdbc.model.client.thrift.generated.TOpenSessionReq;
import com.databricks.jdbc.model.client.thrift.generated.TOpenSessionResp;
import com.databricks.jdbc.model.client.thrift.generated.TOperationHandle;
import com.databricks.jdbc.model.client.thrift.generated.TOperationState;
import com.databricks.jdbc.model.client.thrift.generated.TOperationType;
import com.databricks.jdbc.model.client.thrift.generated.TProtocolVersion;
import com.databricks.jdbc.model.client.thrift.generated.TSessionHandle;
import com.databricks.jdbc.model.client.thrift.generated.TSparkDirectResults;
import com.databricks.jdbc.model.client.thrift.generated.TSparkParameter;
import com.databricks.jdbc.model.client.thrift.generated.TStatus;
import com.databricks.jdbc.model.client.thrift.generated.TStatusCode;
import io.github.databrickstelemetry.standin.StatementRequest.Parameter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The Thrift service, with the driver's own copy of Thrift. The public methods are the calls of the service. */
final class ThriftApi {

    private final Warehouse warehouse;
    private final CloudStorage storage;

    ThriftApi(Warehouse warehouse, CloudStorage storage) {
        this.warehouse = warehouse;
        this.storage = storage;
    }

    Reply respond(byte[] body) throws IOException {
        RefusedException[] refused = new RefusedException[1];
        TCLIService.Iface service = (TCLIService.Iface) Proxy.newProxyInstance(
                TCLIService.class.getClassLoader(), new Class<?>[] {TCLIService.Iface.class}, (proxy, called, args) -> {
                    try {
                        return ThriftApi.class
                                .getMethod(called.getName(), called.getParameterTypes())
                                .invoke(this, args);
                    } catch (InvocationTargetException failure) {
                        if (failure.getCause() instanceof RefusedException cause) {
                            refused[0] = cause;
                        }
                        throw failure.getCause();
                    }
                });
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            TBinaryProtocol in = new TBinaryProtocol(new TIOStreamTransport(new ByteArrayInputStream(body)));
            new TCLIService.Processor<>(service).process(in, new TBinaryProtocol(new TIOStreamTransport(out)));
        } catch (TException broken) {
            return Reply.error(500, "INTERNAL_ERROR", "Not a Thrift call");
        }
        return refused[0] == null ? new Reply(200, "application/x-thrift", out.toByteArray()) : refused[0].reply();
    }

    public TOpenSessionResp OpenSession(TOpenSessionReq request) {
        return new TOpenSessionResp()
                .setStatus(success())
                .setServerProtocolVersion(TProtocolVersion.SPARK_CLI_SERVICE_PROTOCOL_V8)
                .setSessionHandle(new TSessionHandle(handle(warehouse.openSession(schema(request)))))
                .setCanUseMultipleCatalogs(true)
                .setInitialNamespace(new TNamespace().setCatalogName("main").setSchemaName("default"));
    }

    public TCloseSessionResp CloseSession(TCloseSessionReq request) {
        warehouse.closeSession(id(request.getSessionHandle().getSessionId()).toString());
        return new TCloseSessionResp().setStatus(success());
    }

    /** Drivers before 3.0 read the server's name and version before their first statement. */
    public TGetInfoResp GetInfo(TGetInfoReq request) {
        return new TGetInfoResp(success(), TGetInfoValue.stringValue("3.1.1"));
    }

    public TExecuteStatementResp ExecuteStatement(TExecuteStatementReq request)
            throws IOException, InterruptedException {
        ServerStatement statement = warehouse.run(new StatementRequest(
                id(request.getSessionHandle().getSessionId()).toString(),
                request.getStatement(),
                parameters(request),
                request.isCanDownloadResult(),
                request.isCanDecompressLZ4Result()));
        TExecuteStatementResp response =
                new TExecuteStatementResp().setStatus(success()).setOperationHandle(operation(statement));
        if (request.isSetGetDirectResults() && isSmall(statement)) {
            response.setDirectResults(direct(statement));
            statement.close();
        }
        return response;
    }

    private static boolean isSmall(ServerStatement statement) {
        if (!statement.state().equals("SUCCEEDED")) {
            return false;
        }
        return !(statement.outcome() instanceof Answer.Rows rows) || rows.delivery() == Answer.Delivery.INLINE;
    }

    private static String schema(TOpenSessionReq request) {
        return request.isSetInitialNamespace() && request.getInitialNamespace().getSchemaName() != null
                ? request.getInitialNamespace().getSchemaName()
                : "default";
    }

    private static List<Parameter> parameters(TExecuteStatementReq request) {
        List<Parameter> parameters = new ArrayList<>();
        if (request.isSetParameters()) {
            for (TSparkParameter parameter : request.getParameters()) {
                parameters.add(new Parameter(
                        parameter.isSetOrdinal() ? parameter.getOrdinal() : parameters.size() + 1,
                        String.valueOf(parameter.getType()),
                        parameter.isSetValue() ? parameter.getValue().getStringValue() : null));
            }
        }
        return parameters;
    }

    public TGetOperationStatusResp GetOperationStatus(TGetOperationStatusReq request) {
        ServerStatement statement = known(request.getOperationHandle());
        statement.poll();
        return status(statement);
    }

    public TFetchResultsResp FetchResults(TFetchResultsReq request) throws IOException {
        return ThriftResults.of(storage, known(request.getOperationHandle()));
    }

    public TCancelOperationResp CancelOperation(TCancelOperationReq request) {
        known(request.getOperationHandle()).cancel();
        return new TCancelOperationResp().setStatus(success());
    }

    public TCloseOperationResp CloseOperation(TCloseOperationReq request) {
        known(request.getOperationHandle()).close();
        return new TCloseOperationResp().setStatus(success());
    }

    public TGetCatalogsResp GetCatalogs(TGetCatalogsReq request) throws IOException {
        ServerStatement statement = metadata("GetCatalogs", request.getSessionHandle());
        return new TGetCatalogsResp()
                .setStatus(success())
                .setOperationHandle(operation(statement))
                .setDirectResults(direct(statement));
    }

    public TGetSchemasResp GetSchemas(TGetSchemasReq request) throws IOException {
        ServerStatement statement = metadata("GetSchemas", request.getSessionHandle());
        return new TGetSchemasResp()
                .setStatus(success())
                .setOperationHandle(operation(statement))
                .setDirectResults(direct(statement));
    }

    public TGetTablesResp GetTables(TGetTablesReq request) throws IOException {
        ServerStatement statement = metadata("GetTables", request.getSessionHandle());
        return new TGetTablesResp()
                .setStatus(success())
                .setOperationHandle(operation(statement))
                .setDirectResults(direct(statement));
    }

    private ServerStatement metadata(String call, TSessionHandle session) {
        return warehouse.add(id(session.getSessionId()).toString(), call, new Answer.Done(), false);
    }

    private TSparkDirectResults direct(ServerStatement statement) throws IOException {
        TFetchResultsResp results = ThriftResults.of(storage, statement);
        return new TSparkDirectResults()
                .setOperationStatus(status(statement))
                .setResultSet(results)
                .setResultSetMetadata(results.getResultSetMetadata())
                .setCloseOperation(new TCloseOperationResp().setStatus(success()));
    }

    private static TGetOperationStatusResp status(ServerStatement statement) {
        TGetOperationStatusResp status = new TGetOperationStatusResp().setStatus(success());
        if (statement.isRunning()) {
            return status.setOperationState(TOperationState.RUNNING_STATE);
        }
        if (statement.isCancelled()) {
            return status.setOperationState(TOperationState.CANCELED_STATE);
        }
        if (statement.outcome() instanceof Answer.Failed failed) {
            return status.setOperationState(TOperationState.ERROR_STATE)
                    .setSqlState(failed.sqlState())
                    .setErrorMessage(failed.message());
        }
        return status.setOperationState(TOperationState.FINISHED_STATE).setHasResultSet(true);
    }

    static TStatus success() {
        return new TStatus().setStatusCode(TStatusCode.SUCCESS_STATUS);
    }

    private static TOperationHandle operation(ServerStatement statement) {
        return new TOperationHandle(handle(statement.uuid()), TOperationType.EXECUTE_STATEMENT, true);
    }

    private static THandleIdentifier handle(UUID id) {
        return new THandleIdentifier().setGuid(bytes(id)).setSecret(bytes(WorkspaceStandIn.HANDLE_SECRET));
    }

    private ServerStatement known(TOperationHandle handle) {
        ServerStatement statement =
                warehouse.statement(id(handle.getOperationId()).toString());
        if (statement == null) {
            throw RefusedException.notFound("The operation");
        }
        return statement;
    }

    private static byte[] bytes(UUID id) {
        return ByteBuffer.allocate(16)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array();
    }

    private static UUID id(@Nullable THandleIdentifier handle) {
        if (handle == null) {
            throw new IllegalArgumentException("no handle");
        }
        ByteBuffer guid = ByteBuffer.wrap(handle.getGuid());
        return new UUID(guid.getLong(), guid.getLong());
    }
}
