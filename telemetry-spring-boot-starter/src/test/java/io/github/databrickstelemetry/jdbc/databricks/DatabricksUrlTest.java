package io.github.databrickstelemetry.jdbc.databricks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import com.databricks.client.jdbc.Driver;
import com.databricks.jdbc.api.impl.DatabricksConnectionContext;
import com.databricks.jdbc.api.internal.IDatabricksConnectionContext;
import io.github.databrickstelemetry.config.ClientSettings;
import io.github.databrickstelemetry.config.TlsSettings;
import io.github.databrickstelemetry.config.TlsSettings.Revocation;
import io.github.databrickstelemetry.config.TlsSettings.StoreFile;
import io.github.databrickstelemetry.config.TransportSettings;
import io.github.databrickstelemetry.config.TransportSettings.ProxySettings;
import io.github.databrickstelemetry.event.ConnectionDetails;
import io.github.databrickstelemetry.jdbc.JdbcSource;
import io.github.databrickstelemetry.workspace.CredentialSource;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatabricksUrlTest {

    private static final String WAREHOUSE =
            "jdbc:databricks://dbc-1.cloud.databricks.com:443/default;" + "httpPath=/sql/1.0/warehouses/abc123;";
    private static final String TOKEN = "dapi0123456789secret";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:databricks://h.databricks.com;httpPath=/sql/1.0/warehouses/a",
                "jdbc:databricks://h.databricks.com:8443/s;httpPath=/sql/1.0/warehouses/a;ssl=1",
                "jdbc:databricks://h.databricks.com:8443;ssl=0;httpPath=/sql/1.0/warehouses/a",
                "jdbc:databricks://H.databricks.com;port=444;httpPath=/sql/1.0/endpoints/a?o=12",
                "jdbc:databricks://h.databricks.com:443;SSL=0;HTTPPATH=/sql/protocolv1/o/12/0123-456-abc;",
            })
    void readsHostPortAndSchemeAsTheDriverDoes(String url) throws Exception {
        Properties properties = new Properties();
        properties.setProperty("PWD", TOKEN);
        IDatabricksConnectionContext driver = DatabricksConnectionContext.parse(url, properties);
        DatabricksUrl ours = parsed(url, properties);
        URI hostUrl = URI.create(driver.getHostUrl());

        assertThat(ours.host().scheme()).isEqualTo(hostUrl.getScheme());
        assertThat(ours.host().host()).isEqualToIgnoringCase(hostUrl.getHost());
        assertThat(ours.host().port()).isEqualTo(hostUrl.getPort());
        assertThat(ours.httpPath()).isEqualTo(driver.getHttpPath());
        assertThat(new Driver().acceptsURL(url)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:spark://h.databricks.com:443/default;httpPath=/sql/1.0/warehouses/a",
                "jdbc:h2:mem:test",
                "jdbc:databricks:h.databricks.com",
                "jdbc:databricks://",
                "jdbc:databricks:///default",
                "JDBC:DATABRICKS://h.databricks.com",
                "",
            })
    void claimsNothingThatTheDriverRefuses(String url) {
        assertThat(new Driver().acceptsURL(url)).isFalse();
        assertThat(DatabricksUrl.parse(source(url, new Properties()))).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:databricks://h.databricks.com:99999;httpPath=/a",
                "jdbc:databricks://h.databricks.com:x;httpPath=/a",
                "jdbc:databricks://h.databricks.com;port=x;httpPath=/a",
                "jdbc:databricks://user@h.databricks.com;httpPath=/a",
                "jdbc:databricks://h.databricks.com\r\nHost: evil;httpPath=/a",
                "jdbc:databricks://1:2:3;httpPath=/a",
            })
    void claimsNothingThatCannotBeContacted(String url) {
        assertThat(DatabricksUrl.parse(source(url, new Properties()))).isNull();
    }

    @Test
    void claimsNothingWithoutUrl() {
        assertThat(DatabricksUrl.parse(new JdbcSource(null, "token", TOKEN, new Properties())))
                .isNull();
    }

    @Test
    void letsTheUrlBeatPropertiesAndTheLastOfSeveralWin() throws Exception {
        Properties properties = new Properties();
        properties.setProperty("HTTPPath", "/sql/1.0/warehouses/of-properties");
        String url = "jdbc:databricks://h;httpPath=/sql/1.0/warehouses/first;HttpPath=/sql/1.0/warehouses/last";

        assertThat(parsed(url, properties).httpPath())
                .isEqualTo("/sql/1.0/warehouses/last")
                .isEqualTo(DatabricksConnectionContext.parse(url, properties).getHttpPath());
        assertThat(parsed("jdbc:databricks://h", properties).httpPath()).isEqualTo("/sql/1.0/warehouses/of-properties");
    }

    @ParameterizedTest
    @CsvSource({
        "/sql/1.0/warehouses/a?o=123456, dbc-1.cloud.databricks.com, 123456",
        "/sql/1.0/warehouses/a?x=1&o=42&y=2, dbc-1.cloud.databricks.com, 42",
        "/sql/protocolv1/o/6051921418418893/0123-4567-abc, dbc-1.cloud.databricks.com, 6051921418418893",
        "/sql/protocolv1/o/0/0123-4567-abc, adb-77.3.azuredatabricks.net, 77",
        "/sql/1.0/warehouses/a, adb-984752964297111.11.azuredatabricks.net, 984752964297111",
        "/sql/1.0/warehouses/a, adb-1.2.azuredatabricks.net, 1",
        "/sql/1.0/warehouses/a, dbc-1.cloud.databricks.com, ",
        "/sql/1.0/warehouses/a?o=99999999999999999999, dbc-1.cloud.databricks.com, ",
        ", adb-5.5.azuredatabricks.net, 5",
    })
    void findsTheWorkspaceId(@Nullable String httpPath, String host, @Nullable Long expected) {
        String url = "jdbc:databricks://" + host + (httpPath == null ? "" : ";httpPath=" + httpPath);

        DatabricksUrl parsed = parsed(url);

        assertThat(WorkspaceIds.workspaceId(parsed.httpPath(), parsed.host().host()))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "httpPath=/sql/1.0/warehouses/a?o=123, 123",
        "httpPath=/sql/1.0/warehouses/a?o=123;http.header.x-databricks-org-id=9, 9",
        "httpPath=/sql/1.0/warehouses/a, ",
    })
    void sendsTheOrganisationThatTheDriverSends(String parameters, @Nullable String expected) throws Exception {
        String url = "jdbc:databricks://h;" + parameters;

        assertThat(parsed(url).orgId())
                .isEqualTo(expected)
                .isEqualTo(DatabricksConnectionContext.parse(url, new Properties())
                        .getCustomHeaders()
                        .get("x-databricks-org-id"));
    }

    @ParameterizedTest
    @CsvSource({"/sql/protocolv1/o/12/0123-abc, 12", "/sql/protocolv1/o/0/0123-abc, "})
    void sendsTheOrganisationOfAClustersPath(String httpPath, @Nullable String expected) {
        assertThat(parsed("jdbc:databricks://h;httpPath=" + httpPath).orgId()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "/sql/1.0/warehouses/a, /sql/1.0/warehouses/a",
        "/sql/1.0/warehouses/a?x=secret, /sql/1.0/warehouses/a",
        "/sql/1.0/warehouses/a?x=secret&o=42&y=2, /sql/1.0/warehouses/a?o=42",
    })
    void reportsNoQueryOfTheHttpPathButTheOrganisation(String httpPath, String expected) {
        DatabricksUrl url = parsed("jdbc:databricks://h;httpPath=" + httpPath);

        assertThat(url.details(getClass().getClassLoader()).httpPath()).isEqualTo(expected);
        assertThat(url.httpPath()).isEqualTo(httpPath);
    }

    @ParameterizedTest
    @CsvSource({
        "jdbc:databricks://h;httpPath=/sql/1.0/warehouses/abc?o=1, , abc",
        "jdbc:databricks://h/sales;httpPath=/sql/1.0/endpoints/abc, sales, abc",
        "jdbc:databricks://h/sales;ConnCatalog=main;httpPath=/sql/protocolv1/o/1/2, main.sales, ",
        "jdbc:databricks://h/sales;ConnCatalog=main;ConnSchema=own, main.own, ",
        "jdbc:databricks://h;ConnCatalog=main, main, ",
    })
    void tellsTheApplicationsToolsNamespaceAndWarehouse(
            String url, @Nullable String namespace, @Nullable String warehouse) {
        DatabricksUrl parsed = parsed(url);

        assertThat(parsed.namespace()).isEqualTo(namespace);
        assertThat(WorkspaceIds.warehouseId(parsed.httpPath())).isEqualTo(warehouse);
    }

    @Test
    void refusesAnOrganisationThatIsNone() {
        assertThat(parsed("jdbc:databricks://h;httpPath=/a?o=1%0d%0aX").orgId()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PWD=", "pwd=", "password=", "UID=token;PWD=", "AuthMech=3;PWD="})
    void takesAPersonalAccessTokenFromTheUrl(String parameter) {
        CredentialSource credentials = token(WAREHOUSE + parameter + TOKEN);

        assertThat(credentials.authorization()).isEqualTo("Bearer " + TOKEN);
    }

    @Test
    void takesAPersonalAccessTokenFromTheDataSourcesPassword() {
        JdbcSource source = new JdbcSource(WAREHOUSE, "token", TOKEN, new Properties());

        assertThat(Objects.requireNonNull(CurrentCredentials.of(source, ClientSettings.DEFAULTS, own -> own))
                        .authorization())
                .isEqualTo("Bearer " + TOKEN);
    }

    @Test
    void takesAnOAuthAccessToken() {
        String url = WAREHOUSE + "AuthMech=11;Auth_Flow=0;PWD=other;Auth_AccessToken=" + TOKEN;

        assertThat(token(url).authorization()).isEqualTo("Bearer " + TOKEN);
        assertThat(details(url).authFlow()).isEqualTo("TOKEN_PASSTHROUGH");
    }

    @Test
    void describesAServicePrincipal() {
        DatabricksUrl url = parsed(WAREHOUSE + "AuthMech=11;Auth_Flow=1;OAuth2ClientId=me;OAuth2Secret=" + TOKEN);

        assertThat(url.authentication()).isEqualTo(new DatabricksAuthentication("oauth-m2m", "me", TOKEN));
    }

    @Test
    void describesAServicePrincipalThatIsWrittenAsUserAndPassword() {
        DatabricksUrl url = parsed(WAREHOUSE + "AuthMech=11;Auth_Flow=1;UID=me;PWD=" + TOKEN);

        assertThat(url.authentication()).isEqualTo(new DatabricksAuthentication("oauth-m2m", "me", TOKEN));
    }

    @ParameterizedTest
    @ValueSource(strings = {"AuthMech=11;Auth_Flow=2", "AuthMech=11;Auth_Flow=1;AzureTenantId=t;UID=me;PWD=" + TOKEN})
    void hasNoCredentialsForWhatIsOutOfReach(String parameters) {
        assertThat(credentials(WAREHOUSE + parameters)).isNull();
    }

    @Test
    void hasTheCredentialsOfAServicePrincipal() {
        assertThat(credentials(WAREHOUSE + "AuthMech=11;Auth_Flow=1;UID=me;PWD=" + TOKEN))
                .hasToString("oauth-m2m-me");
    }

    @ParameterizedTest
    @CsvSource({
        "AuthMech=3, pat",
        "AuthMech=11;Auth_Flow=0, pat",
        "AuthMech=11;Auth_Flow=0;Auth_AccessToken=x;Auth_RefreshToken=y, oauth-refresh",
        "AuthMech=11;Auth_Flow=1;OAuth2ClientId=me, oauth-m2m",
        "AuthMech=11;Auth_Flow=1;OAuth2ClientId=me;OAuth2Secret=x;UseJWTAssertion=1, oauth-m2m",
        "AuthMech=11;Auth_Flow=2, external-browser",
        "AuthMech=11;Auth_Flow=3, azure-msi",
        "AuthMech=11;Auth_Flow=9, unknown",
    })
    void saysWhatIsOutOfReach(String parameters, String type) {
        assertThat(parsed(WAREHOUSE + parameters).authentication())
                .isEqualTo(new DatabricksAuthentication(type, null, null));
    }

    @Test
    void takesNoTokenThatWouldBreakOutOfItsHeader() {
        Properties properties = new Properties();
        properties.setProperty("PWD", "x\r\nX-Evil: 1");

        assertThat(parsed(WAREHOUSE, properties).authentication())
                .isEqualTo(new DatabricksAuthentication("pat", null, null));
    }

    @Test
    void makesOnePrincipalOfOneTokenAndTwoOfTwo() {
        String identity = token(WAREHOUSE + "PWD=" + TOKEN).identity();

        assertThat(token(WAREHOUSE + "pwd=" + TOKEN).identity()).isEqualTo(identity);
        assertThat(token(WAREHOUSE + "pwd=" + TOKEN + "x").identity()).isNotEqualTo(identity);
        assertThat(identity).matches("token-[0-9a-f]{16}");
    }

    @Test
    void printsNoSecret() {
        DatabricksUrl pat = parsed(WAREHOUSE + "PWD=" + TOKEN + ";ProxyPwd=" + TOKEN);
        DatabricksUrl principal = parsed(WAREHOUSE + "AuthMech=11;Auth_Flow=1;OAuth2ClientId=me;PWD=" + TOKEN);

        assertThat(pat + " " + pat.authentication() + " " + token(WAREHOUSE + "PWD=" + TOKEN)
                        + pat.details(getClass().getClassLoader())
                        + pat.transport() + principal + principal.authentication())
                .doesNotContain(TOKEN);
    }

    @ParameterizedTest
    @CsvSource({
        "httpPath=/sql/1.0/warehouses/a;UseThriftClient=0, SEA",
        "httpPath=/sql/1.0/warehouses/a;UseThriftClient=1, THRIFT",
        "httpPath=/sql/protocolv1/o/12/0123-abc;UseThriftClient=0, THRIFT",
        "httpPath=/sql/protocolv1/o/12/0123 abc, THRIFT",
        "httpPath=/sql/1.0/warehouses/a;TreatMetadataCatalogNameAsPattern=1, THRIFT",
    })
    void tellsTheModeThatTheDriverWillUse(String parameters, String mode) throws Exception {
        String url = "jdbc:databricks://h;" + parameters;

        assertThat(details(url).mode())
                .isEqualTo(mode)
                .isEqualTo(DatabricksConnectionContext.parse(url, new Properties())
                        .getClientType()
                        .name());
    }

    @Test
    void leavesTheModeOpenWhereTheServerDecides() {
        assertThat(details(WAREHOUSE).mode()).isNull();
    }

    @Test
    void describesTheConnectionInTheServicesWords() {
        ConnectionDetails details = details(
                WAREHOUSE + "SocketTimeout=30;EnableDirectResults=0;UseProxy=1;ProxyHost=p;ProxyPort=1;"
                        + "DefaultStringColumnLength=nonsense;EnableGeoSpatialSupport=0;FetchAutoCommitFromServer=1;Auth_Scope=sql");

        assertThat(details.driverName()).isEqualTo("oss-jdbc");
        assertThat(details.driverVersion()).isEqualTo("3.4.5");
        assertThat(details.authMech()).isEqualTo("PAT");
        assertThat(details.authType()).isEqualTo("pat");
        assertThat(details.authFlow()).isNull();
        assertThat(details.httpPath()).isEqualTo("/sql/1.0/warehouses/abc123");
        assertThat(details.parameters())
                .containsOnly(
                        entry("socket_timeout", 30),
                        entry("string_column_length", 255),
                        entry("http_connection_pool_size", 100),
                        entry("rows_fetched_per_block", 100_000),
                        entry("async_poll_interval_millis", 200),
                        entry("enable_arrow", true),
                        entry("fetch_auto_commit_from_server", true),
                        entry("use_proxy", true),
                        entry("auth_scope", "sql"));
    }

    @Test
    void hasTheDefaultsOfTheDriver() throws Exception {
        IDatabricksConnectionContext driver = DatabricksConnectionContext.parse(WAREHOUSE, new Properties());

        assertThat(details(WAREHOUSE).parameters())
                .containsOnly(
                        entry("socket_timeout", driver.getSocketTimeout()),
                        entry("string_column_length", driver.getDefaultStringColumnLength()),
                        entry("http_connection_pool_size", driver.getHttpConnectionPoolSize()),
                        entry("rows_fetched_per_block", driver.getRowsFetchedPerBlock()),
                        entry("async_poll_interval_millis", driver.getAsyncExecPollInterval()),
                        entry("enable_arrow", driver.shouldEnableArrow()),
                        entry("auto_commit", !driver.getFetchAutoCommitFromServer()),
                        entry("enable_direct_results", driver.getDirectResultMode()),
                        entry("enable_geospatial_support", driver.isGeoSpatialSupportEnabled()));
    }

    @Test
    void knowsNoVersionWithoutDriver() {
        assertThat(parsed(WAREHOUSE)
                        .details(ClassLoader.getPlatformClassLoader())
                        .driverVersion())
                .isNull();
    }

    @Test
    void takesAnHttpPathFromElsewhere() {
        DatabricksUrl url = parsed(WAREHOUSE).withHttpPath("/sql/1.0/warehouses/b?o=7");

        assertThat(url.httpPath()).isEqualTo("/sql/1.0/warehouses/b?o=7");
        assertThat(WorkspaceIds.workspaceId(url.httpPath(), url.host().host())).isEqualTo(7);
    }

    @Test
    void goesDirectWithoutSettings() {
        assertThat(transport(WAREHOUSE + "AllowSelfSignedCerts=0")).isSameAs(TransportSettings.DIRECT);
    }

    @Test
    void usesTheDataSourcesProxy() {
        TransportSettings transport = transport(
                WAREHOUSE + "UseProxy=1;UseSystemProxy=1;ProxyHost=proxy;ProxyPort=3128;ProxyUID=u;ProxyPwd=p;"
                        + "ProxyIgnoreList=a.example, .example.org");

        assertThat(transport.proxy())
                .isEqualTo(new ProxySettings("proxy", 3128, "u", "p", List.of("a.example", "*.example.org"), false));
    }

    @Test
    void usesTheSystemsProxy() {
        assertThat(transport(WAREHOUSE + "UseSystemProxy=1;ProxyIgnoreList=a|*.b")
                        .proxy())
                .isEqualTo(new ProxySettings(null, 0, null, null, List.of("a", "*.b"), true));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"UseProxy=0;ProxyHost=p;ProxyPort=1", "UseProxy=1;ProxyHost=p", "UseProxy=1;ProxyPort=3128"})
    void usesNoProxyThatTheDriverDoesNotUse(String parameters) {
        assertThat(transport(WAREHOUSE + parameters).proxy()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"CheckCertRevocation=1", "AllowSelfSignedCerts=true", "SSLKeyStore=/keys.jks;SSLKeyStorePwd=p"})
    void usesTheJvmsTrustWhereTheDriverDoes(String parameters) {
        assertThat(transport(WAREHOUSE + parameters).tls()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "CheckCertRevocation=1;SSLTrustStore=/trust.jks"})
    void verifiesNothingWhereTheDriverDoesNot(String further) {
        DatabricksUrl url = parsed(WAREHOUSE + "AllowSelfSignedCerts=1;" + further);

        assertThat(url.transport().tls()).isEqualTo(new TlsSettings.Unverified());
    }

    @ParameterizedTest
    @ValueSource(strings = {"2.6.40", "2.8.7", "nonsense"})
    @NullSource
    void verifiesTheHostWhereTheDriverMayBeStricter(@Nullable String version) {
        DatabricksUrl url = parsed(WAREHOUSE + "AllowSelfSignedCerts=1");

        assertThat(DriverTransport.of(url, version).tls()).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "CheckCertRevocation=0, IGNORED",
        "UseSystemTrustStore=1, CHECKED",
        "AcceptUndeterminedRevocation=1, CHECKED_IF_KNOWN",
        "AcceptUndeterminedRevocation=1;CheckCertRevocation=0, IGNORED"
    })
    void checksRevocationAsTheDriverDoes(String parameters, Revocation revocation) {
        assertThat(transport(WAREHOUSE + parameters).tls()).isEqualTo(new TlsSettings.Stores(null, null, revocation));
    }

    @Test
    void usesTheDataSourcesStores() {
        assertThat(transport(WAREHOUSE + "SSLTrustStore=/trust.jks;SSLTrustStorePwd=t;"
                                + "SSLKeyStore=/keys.p12;SSLKeyStoreType=PKCS12;SSLKeyStorePwd=k")
                        .tls())
                .isEqualTo(new TlsSettings.Stores(
                        new StoreFile(Path.of("/trust.jks"), "JKS", "t"),
                        new StoreFile(Path.of("/keys.p12"), "PKCS12", "k"),
                        Revocation.CHECKED));
    }

    @Test
    void aStoreThatCannotBeAFileIsOneThatCannotBeRead() {
        assertThat(transport(WAREHOUSE + "SSLTrustStore=\0").tls())
                .isEqualTo(new TlsSettings.Stores(new StoreFile(Path.of(""), "JKS", null), null, Revocation.CHECKED));
    }

    private static CredentialSource token(String url) {
        return Objects.requireNonNull(credentials(url));
    }

    private static @Nullable CredentialSource credentials(String url) {
        return CurrentCredentials.of(source(url, new Properties()), ClientSettings.DEFAULTS, own -> own);
    }

    private static TransportSettings transport(String url) {
        return parsed(url).transport();
    }

    private static ConnectionDetails details(String url) {
        return parsed(url).details(DatabricksUrlTest.class.getClassLoader());
    }

    private static DatabricksUrl parsed(String url) {
        return parsed(url, new Properties());
    }

    private static DatabricksUrl parsed(String url, Properties properties) {
        return Objects.requireNonNull(DatabricksUrl.parse(source(url, properties)), "not claimed");
    }

    private static JdbcSource source(String url, Properties properties) {
        return new JdbcSource(url, null, null, properties);
    }
}
