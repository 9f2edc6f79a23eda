package io.github.databrickstelemetry.jdbc.databricks.workspace;

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
import com.databricks.jdbc.model.client.thrift.generated.TGetCatalogsResp;
import com.databricks.jdbc.model.client.thrift.generated.TGetInfoReq;
import com.databricks.jdbc.model.client.thrift.generated.TGetInfoResp;
import com.databricks.jdbc.model.client.thrift.generated.TGetInfoValue;
import com.databricks.jdbc.model.client.thrift.generated.TGetOperationStatusReq;
import com.databricks.jdbc.model.client.thrift.generated.TGetOperationStatusResp;
import com.databricks.jdbc.model.client.thrift.generated.TGetSchemasResp;
import com.databricks.jdbc.model.client.thrift.generated.TGetTablesResp;
import com.databricks.jdbc.model.client.thrift.generated.THandleIdentifier;
import com.databricks.jdbc.model.client.thrift.generated.TNamespace;
import com.databricks.jdbc.model.client.thrift.generated.TOpenSessionResp;
import com.databricks.jdbc.model.client.thrift.generated.TOperationHandle;
import com.databricks.jdbc.model.client.thrift.generated.TOperationState;
import com.databricks.jdbc.model.client.thrift.generated.TOperationType;
import com.databricks.jdbc.model.client.thrift.generated.TProtocolVersion;
import com.databricks.jdbc.model.client.thrift.generated.TSessionHandle;
import com.databricks.jdbc.model.client.thrift.generated.TSparkDirectResults;
import com.databricks.jdbc.model.client.thrift.generated.TStatus;
import com.databricks.jdbc.model.client.thrift.generated.TStatusCode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The Thrift service, spoken with the driver's own copy of Thrift. Public methods are those of the service. */
public final class ThriftApi {

    /** What the driver must keep to itself. Its bytes are printable, so that tests can look for them. */
    public static final UUID SECRET = UUID.fromString("5ec4e75e-c4e7-5ec4-e75e-c4e75ec4e75e");

    private final StandInWorkspace workspace;

    /** Thrown to have the whole request refused. */
    private static final class RefusedException extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final transient Answer.Refused answer;

        RefusedException(Answer.Refused answer) {
            this.answer = answer;
        }
    }

    ThriftApi(StandInWorkspace workspace) {
        this.workspace = workspace;
    }

    Reply answer(byte[] body) throws IOException {
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
            return Reply.text(500, "{\"error_code\":\"INTERNAL_ERROR\",\"message\":\"broken\"}");
        }
        return refused[0] == null
                ? new Reply(200, "application/x-thrift", out.toByteArray())
                : SeaApi.refusal(refused[0].answer);
    }

    public TOpenSessionResp OpenSession(com.databricks.jdbc.model.client.thrift.generated.TOpenSessionReq request) {
        return new TOpenSessionResp()
                .setStatus(success())
                .setServerProtocolVersion(TProtocolVersion.SPARK_CLI_SERVICE_PROTOCOL_V8)
                .setSessionHandle(new TSessionHandle(handle(workspace.openSession())))
                .setCanUseMultipleCatalogs(true)
                .setInitialNamespace(new TNamespace().setCatalogName("main").setSchemaName("default"));
    }

    public TCloseSessionResp CloseSession(TCloseSessionReq request) {
        workspace.closeSession(id(request.getSessionHandle().getSessionId()).toString());
        return new TCloseSessionResp().setStatus(success());
    }

    /** Drivers before 3.0 read the server's name and version before their first statement. */
    public TGetInfoResp GetInfo(TGetInfoReq request) {
        return new TGetInfoResp(success(), TGetInfoValue.stringValue("3.1.1"));
    }

    public TExecuteStatementResp ExecuteStatement(TExecuteStatementReq request) throws IOException {
        Answer answer = workspace.answerTo(request.getStatement());
        if (answer instanceof Answer.Refused refused) {
            throw new RefusedException(refused);
        }
        ServerStatement statement = workspace.run(request.getStatement(), answer, request.isCanDecompressLZ4Result());
        TExecuteStatementResp response =
                new TExecuteStatementResp().setStatus(success()).setOperationHandle(operation(statement));
        boolean small =
                answer instanceof Answer.Rows || answer instanceof Answer.Updated || answer instanceof Answer.Done;
        if (small && request.isSetGetDirectResults()) {
            statement.close();
            TFetchResultsResp results = ThriftResults.of(workspace, statement);
            response.setDirectResults(new TSparkDirectResults()
                    .setOperationStatus(status(statement))
                    .setResultSet(results)
                    .setResultSetMetadata(results.getResultSetMetadata())
                    .setCloseOperation(new TCloseOperationResp().setStatus(success())));
        }
        return response;
    }

    public TGetOperationStatusResp GetOperationStatus(TGetOperationStatusReq request) {
        ServerStatement statement = known(request.getOperationHandle());
        statement.poll();
        return status(statement);
    }

    public TFetchResultsResp FetchResults(TFetchResultsReq request) throws IOException {
        return ThriftResults.of(workspace, known(request.getOperationHandle()));
    }

    public TCancelOperationResp CancelOperation(TCancelOperationReq request) {
        known(request.getOperationHandle()).cancel();
        return new TCancelOperationResp().setStatus(success());
    }

    public TCloseOperationResp CloseOperation(TCloseOperationReq request) {
        known(request.getOperationHandle()).close();
        return new TCloseOperationResp().setStatus(success());
    }

    public TGetCatalogsResp GetCatalogs(com.databricks.jdbc.model.client.thrift.generated.TGetCatalogsReq request)
            throws IOException {
        ServerStatement statement = metadata("GetCatalogs");
        return new TGetCatalogsResp()
                .setStatus(success())
                .setOperationHandle(operation(statement))
                .setDirectResults(direct(statement));
    }

    public TGetSchemasResp GetSchemas(com.databricks.jdbc.model.client.thrift.generated.TGetSchemasReq request)
            throws IOException {
        ServerStatement statement = metadata("GetSchemas");
        return new TGetSchemasResp()
                .setStatus(success())
                .setOperationHandle(operation(statement))
                .setDirectResults(direct(statement));
    }

    public TGetTablesResp GetTables(com.databricks.jdbc.model.client.thrift.generated.TGetTablesReq request)
            throws IOException {
        ServerStatement statement = metadata("GetTables");
        return new TGetTablesResp()
                .setStatus(success())
                .setOperationHandle(operation(statement))
                .setDirectResults(direct(statement));
    }

    private ServerStatement metadata(String what) {
        return workspace.run(what, new Answer.Done(), false);
    }

    private TSparkDirectResults direct(ServerStatement statement) throws IOException {
        TFetchResultsResp results = ThriftResults.of(workspace, statement);
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
        return new THandleIdentifier().setGuid(bytes(id)).setSecret(bytes(SECRET));
    }

    private ServerStatement known(TOperationHandle handle) {
        ServerStatement statement =
                workspace.statement(id(handle.getOperationId()).toString());
        if (statement == null) {
            throw new RefusedException(new Answer.Refused(404, "NOT_FOUND", "no such operation"));
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
