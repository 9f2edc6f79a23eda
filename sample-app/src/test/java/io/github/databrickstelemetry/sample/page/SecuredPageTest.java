package io.github.databrickstelemetry.sample.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.databrickstelemetry.sample.RunningSample;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.csrf.CookieCsrfTokenRepository;
import org.springframework.security.web.csrf.CsrfTokenRequestAttributeHandler;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.security.web.server.csrf.CookieServerCsrfTokenRepository;
import org.springframework.security.web.server.csrf.CsrfToken;
import org.springframework.security.web.server.csrf.ServerCsrfTokenRequestAttributeHandler;
import org.springframework.web.server.WebFilter;
import reactor.core.publisher.Mono;

/** The live page behind a login: Spring Security as Spring Boot configures it, and with the CSRF token in a cookie. */
@EnabledIf(value = "chromiumIsInstalled", disabledReason = "No Chromium is installed: the live page is not tested")
class SecuredPageTest {

    private static final String PAGE = "/actuator/databrickstelemetryui";

    /** The configuration of docs/insight.md. The attribute's name may be null: a token is then made for each request. */
    @SuppressWarnings("NullAway")
    static class CookieOnMvc {

        @Bean
        SecurityFilterChain security(HttpSecurity http) throws Exception {
            CsrfTokenRequestAttributeHandler plainToken = new CsrfTokenRequestAttributeHandler();
            plainToken.setCsrfRequestAttributeName(null);
            return http.authorizeHttpRequests(all -> all.anyRequest().authenticated())
                    .formLogin(Customizer.withDefaults())
                    .csrf(csrf -> csrf.csrfTokenRepository(CookieCsrfTokenRepository.withHttpOnlyFalse())
                            .csrfTokenRequestHandler(plainToken))
                    .build();
        }
    }

    /** The same on WebFlux, where the cookie is made for those who ask for the token. */
    static class CookieOnWebFlux {

        @Bean
        SecurityWebFilterChain security(ServerHttpSecurity http) {
            return http.authorizeExchange(all -> all.anyExchange().authenticated())
                    .formLogin(Customizer.withDefaults())
                    .csrf(csrf -> csrf.csrfTokenRepository(CookieServerCsrfTokenRepository.withHttpOnlyFalse())
                            .csrfTokenRequestHandler(new ServerCsrfTokenRequestAttributeHandler()))
                    .build();
        }

        @Bean
        WebFilter csrfCookie() {
            return (exchange, chain) -> {
                Mono<CsrfToken> token = exchange.getAttributeOrDefault(CsrfToken.class.getName(), Mono.empty());
                return token.then(chain.filter(exchange));
            };
        }
    }

    private Browser browser;
    private @Nullable RunningSample sample;

    static boolean chromiumIsInstalled() {
        return Browser.installed().isPresent();
    }

    @BeforeEach
    void open() {
        browser = Browser.start(Browser.installed().orElseThrow());
        // Eight times as often as for a person.
        browser.beforeEachPage("const every = setInterval; setInterval = (f, ms) => every(f, ms / 8);");
    }

    @AfterEach
    void close() {
        browser.close();
        if (sample != null) {
            sample.close();
        }
    }

    /** The page of an application that has run a statement, after a login. */
    private void logIn(String... arguments) {
        String[] all = new String[arguments.length + 2];
        all[0] = "--spring.autoconfigure.exclude=";
        all[1] = "--spring.security.user.password=secret";
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        RunningSample started = RunningSample.start(all);
        sample = started;
        started.context()
                .getBean(JdbcClient.class)
                .sql("SELECT COUNT(*) FROM samples.nyctaxi.trips")
                .query()
                .singleValue();
        browser.open(started.address() + PAGE);
        until(() ->
                browser.evaluate("document.querySelector('#username') !== null").asBoolean());
        browser.evaluate("(() => { document.querySelector('#username').value = 'user';"
                + " document.querySelector('#password').value = 'secret';"
                + " document.querySelector('form').submit(); })()");
        untilHeadline("All is well.");
        until(() ->
                !browser.evaluate("document.querySelector('#actions').hidden").asBoolean());
    }

    private static void until(BooleanSupplier condition) {
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(100))
                .until(condition::getAsBoolean);
    }

    private void untilHeadline(String part) {
        until(() -> browser.text("#headline").contains(part));
    }

    private void act(String button) {
        browser.click(button);
        browser.click("#yes");
    }

    @Test
    void saysThatTheCsrfTokenIsMissingAndThatTheLoginHasEnded() {
        logIn();

        act("#pause");
        until(() -> browser.text("#answer").contains("a cookie named XSRF-TOKEN, and there is none."));
        assertThat(browser.text("#headline")).isEqualTo("All is well.");

        browser.forgetCookies();
        untilHeadline("The application wants a login.");
        assertThat(browser.text("#detail")).startsWith("HTTP 401. Reload this page and log in.");
    }

    @ParameterizedTest
    @CsvSource({
        "--spring.main.web-application-type=servlet, CookieOnMvc",
        "--spring.main.web-application-type=reactive, CookieOnWebFlux"
    })
    void actsWithTheCsrfTokenOfACookieAndSaysThatTheLoginHasEnded(String type, String configuration) {
        logIn(type, "--spring.main.sources=" + SecuredPageTest.class.getName() + "$" + configuration);

        act("[data-action=FLUSH]");
        until(() -> browser.text("#answer").equals("All pending metrics are being sent."));
        act("#pause");
        untilHeadline("Sending is paused.");
        act("#pause");
        untilHeadline("All is well.");

        browser.forgetCookies();
        untilHeadline("The application wants a login.");
        assertThat(browser.text("#detail")).contains("Reload this page and log in.");
        act("#pause");
        until(() -> browser.text("#answer").contains("Nothing was changed: "));
    }
}
