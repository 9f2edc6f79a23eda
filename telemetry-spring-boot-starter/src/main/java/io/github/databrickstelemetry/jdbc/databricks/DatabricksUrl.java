package io.github.databrickstelemetry.jdbc.databricks;

import io.github.databrickstelemetry.config.ClientSettings;
import io.github.databrickstelemetry.config.TransportSettings;
import io.github.databrickstelemetry.event.ConnectionDetails;
import io.github.databrickstelemetry.event.LocalDetails.LocalDataSource;
import io.github.databrickstelemetry.jdbc.JdbcSource;
import io.github.databrickstelemetry.runtime.internal.TelemetryClock;
import io.github.databrickstelemetry.workspace.CredentialSource;
import io.github.databrickstelemetry.workspace.WorkspaceHost;
import io.github.databrickstelemetry.workspace.internal.ServicePrincipalCredentials;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a Databricks data source tells of itself: a JDBC URL and connection properties, read as the driver reads them.
 * Parsed once, at start-up; does no network I/O. Immutable; prints neither the URL nor a secret.
 *
 * <p>Only what the driver accepts is claimed: {@code jdbc:databricks://…}. The {@code jdbc:spark://…} of older drivers
 * is not, since this driver refuses it.
 */
public final class DatabricksUrl {

    /** As in the driver: host and port, schema, parameters. */
    private static final Pattern URL = Pattern.compile("jdbc:databricks://([^/;]+)(?:/([^;]*))?(?:;(.*))?");

    private static final Pattern HTTP_PATH = Pattern.compile("[\\x21-\\x7e]{1,512}");
    private static final String ORG_ID_HEADER = "http.header.x-databricks-org-id";

    private final WorkspaceHost host;
    private final @Nullable String schema;
    private final DriverParameters parameters;

    private DatabricksUrl(WorkspaceHost host, @Nullable String schema, DriverParameters parameters) {
        this.host = host;
        this.schema = schema;
        this.parameters = parameters;
    }

    /**
     * Reads a data source's URL and properties.
     *
     * @return null when the driver would not accept the URL, or could not connect to what it names
     */
    public static @Nullable DatabricksUrl parse(JdbcSource source) {
        Matcher url = source.url() == null ? null : URL.matcher(source.url());
        if (url == null || !url.matches()) {
            return null;
        }
        DriverParameters parameters = DriverParameters.of(url.group(3), source);
        String[] authority = url.group(1).split(":", -1);
        if (authority.length > 2) {
            return null;
        }
        String port = parameters.get("port");
        if (port == null) {
            port = authority.length == 2 ? authority[1] : "443";
        }
        String scheme = "0".equals(parameters.get("ssl")) ? "http://" : "https://";
        try {
            return new DatabricksUrl(WorkspaceHost.parse(scheme + authority[0] + ":" + port), url.group(2), parameters);
        } catch (IllegalArgumentException noHost) {
            return null;
        }
    }

    /** The same data source with another HTTP path, for example one from the application's properties. */
    public DatabricksUrl withHttpPath(String httpPath) {
        return new DatabricksUrl(host, schema, parameters.with("httpPath", httpPath));
    }

    /**
     * The same data source with query tags of the application, as far as it has none of the same key.
     *
     * @param tags keys and values that need no escape
     */
    public DatabricksUrl withQueryTags(Map<String, String> tags) {
        return tags.isEmpty()
                ? this
                : new DatabricksUrl(
                        host,
                        schema,
                        parameters.with(
                                DriverQueryTags.PARAMETER,
                                DriverQueryTags.merge(parameters.get(DriverQueryTags.PARAMETER), tags)));
    }

    /** Driver properties that set the query tags; empty without tags. */
    public Map<String, String> queryTags() {
        String tags = parameters.get(DriverQueryTags.PARAMETER);
        return tags == null ? Map.of() : Map.of(DriverQueryTags.PARAMETER, tags);
    }

    /** The workspace. Its scheme is {@code http} only where the URL says {@code ssl=0}. */
    public WorkspaceHost host() {
        return host;
    }

    /** The warehouse's or cluster's HTTP path, or null when there is none. */
    public @Nullable String httpPath() {
        String path = parameters.get("httpPath");
        return path != null && HTTP_PATH.matcher(path).matches() ? path : null;
    }

    /** The workspace's numeric id as far as the HTTP path or the host's name tells it, else null. */
    public @Nullable Long workspaceId() {
        return WorkspaceIds.workspaceId(httpPath(), host.host());
    }

    /**
     * The value for {@code x-databricks-org-id}: the one that the driver sends, else the id in a cluster's path, or null
     * if there is neither.
     */
    public @Nullable String orgId() {
        String header = parameters.get(ORG_ID_HEADER);
        return header != null && header.matches("[A-Za-z0-9_-]{1,64}") ? header : WorkspaceIds.orgId(httpPath());
    }

    /** The proxy and the trust of the data source. */
    public TransportSettings transport() {
        return DriverTransport.of(parameters, DriverVersion.find(DatabricksUrl.class.getClassLoader()));
    }

    /**
     * What is the same for all sessions of the data source.
     *
     * @param driver the class loader that finds the driver, for its version
     */
    public ConnectionDetails details(ClassLoader driver) {
        return DriverDetails.of(this, parameters, DriverVersion.find(driver));
    }

    /** The data source as the application's own tools see it. */
    public LocalDataSource local(String name, WorkspaceHost workspace, @Nullable Long workspaceId) {
        return new LocalDataSource(
                name, namespace(), WorkspaceIds.warehouseId(httpPath()), workspaceId, workspace.scheme());
    }

    /** Catalog and schema as far as the URL names them: {@code catalog.schema}, or one of the two, or null. */
    private @Nullable String namespace() {
        String catalog = parameters.get("ConnCatalog");
        String named = parameters.get("ConnSchema");
        String inSchema = named == null ? schema : named;
        if (inSchema == null || inSchema.isBlank()) {
            return catalog;
        }
        return catalog == null ? inSchema : catalog + "." + inSchema;
    }

    /** How the data source proves who it is. */
    public DatabricksAuthentication authentication() {
        return isOAuth() ? oauth(parameters.number("Auth_Flow", 0)) : token("pat", parameters.get("PWD", "password"));
    }

    /**
     * Credentials of the data source's own. The identity of a service principal's is the principal, so that its data
     * sources are one client to the engine.
     *
     * @param settings of the client that uses them
     * @param transport from the data source's proxy and trust to those of the client
     * @return null when there are none that telemetry could use
     */
    public @Nullable CredentialSource credentials(ClientSettings settings, UnaryOperator<TransportSettings> transport) {
        DatabricksAuthentication authentication = authentication();
        if (authentication instanceof DatabricksAuthentication.AccessToken token) {
            return token.credentials();
        }
        return authentication instanceof DatabricksAuthentication.ServicePrincipal principal
                        && principal.azureTenantId() == null
                ? ofPrincipal(principal, transport.apply(transport()), settings)
                : null;
    }

    private CredentialSource ofPrincipal(
            DatabricksAuthentication.ServicePrincipal principal, TransportSettings transport, ClientSettings settings) {
        return new ServicePrincipalCredentials(
                principal.type() + "-" + principal.clientId(),
                host,
                transport,
                settings,
                principal.clientId(),
                principal.clientSecret(),
                TelemetryClock.SYSTEM);
    }

    boolean isOAuth() {
        return parameters.number("AuthMech", 3) == 11;
    }

    private DatabricksAuthentication oauth(int flow) {
        return switch (flow) {
            // A refresh token beats an access token in the driver, and is nothing that telemetry could share.
            case 0 ->
                parameters.get("Auth_RefreshToken", "OAuthRefreshToken") == null
                        ? token("pat", parameters.get("Auth_AccessToken"))
                        : new DatabricksAuthentication.OutOfReach("oauth-refresh");
            case 1 -> servicePrincipal();
            case 2 -> new DatabricksAuthentication.OutOfReach("external-browser");
            case 3 -> new DatabricksAuthentication.OutOfReach("azure-msi");
            default -> new DatabricksAuthentication.OutOfReach("unknown");
        };
    }

    private static DatabricksAuthentication token(String type, @Nullable String token) {
        CredentialSource credentials = TokenCredentials.of(token);
        return credentials == null
                ? new DatabricksAuthentication.OutOfReach(type)
                : new DatabricksAuthentication.AccessToken(type, credentials);
    }

    private DatabricksAuthentication servicePrincipal() {
        String tenant = parameters.get("AzureTenantId");
        String type = tenant == null ? "oauth-m2m" : "azure-client-secret";
        String clientId = parameters.get("OAuth2ClientId");
        if (clientId == null) {
            String user = parameters.get("UID", "user");
            clientId = "token".equals(user) ? null : user;
        }
        String secret = parameters.get("OAuth2Secret");
        if (secret == null) {
            secret = parameters.get("PWD", "password");
        }
        boolean otherProof = parameters.isOn("UseJWTAssertion", false)
                || parameters.get("GoogleServiceAccount", "GoogleCredentialsFile") != null;
        if (otherProof || clientId == null || secret == null) {
            return new DatabricksAuthentication.OutOfReach(type);
        }
        return new DatabricksAuthentication.ServicePrincipal(type, clientId, secret, tenant);
    }

    /** The host only. */
    @Override
    public String toString() {
        return "DatabricksUrl[" + host + "]";
    }
}
