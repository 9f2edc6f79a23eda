// One sentence that says what is going on. The first condition that holds decides.
function worstHost(response) {
  const entries = Object.entries(response.hosts ?? {});
  return entries.find(([, host]) => host.circuitBreaker?.state === 'OPEN')
    ?? entries.find(([, host]) => host.circuitBreaker?.state === 'HALF_OPEN') ?? entries[0] ?? ['', {}];
}

const hostWhere = (response, holds) => Object.entries(response.hosts ?? {}).find(([, host]) => holds(host))?.[0];
const hostWithStatus = (response, status) => hostWhere(response, host => host.clients?.some(client => client.status === status));
const FLAG_OFF = ["The workspace's feature flag is off.", 'Nothing is sent to the workspace. Statements, traces, metrics and this page work as usual.'];
const hasStatus = (response, status) => clientsOf(response).some(client => client.status === status);

function deliveryDetail(response, now) {
  const delivered = sum(clientsOf(response), client => client.metrics?.delivered);
  const last = clientsOf(response).map(client => client.lastSuccess).filter(Boolean).sort().at(-1);
  return last ? `${plural(delivered, 'metric')} delivered, the last ${ago(last, now)}.` : 'Nothing was delivered yet.';
}

class Story {
  constructor() {
    this.outage = null;
    this.recovered = null;
  }

  /** What to say about this response: mood, headline, detail. */
  tell(response, model, now) {
    const [host, worst] = worstHost(response);
    const state = breakerOf(response);
    const pending = sum(clientsOf(response), client => client.metrics?.pending);
    const dropped = sum(values(droppedByReason(response)), count => count);
    this.follow(state, dropped, now);
    if (clientsOf(response).length === 0) {
      return ['quiet', 'Nothing has run yet.', 'No Databricks data source has opened a connection.'];
    }
    if (response.paused) {
      return ['warn', 'Sending is paused.', 'Nothing is sent to the workspace until it is resumed.'];
    }
    if (hasStatus(response, 'EXPORT_OFF')) {
      return ['good', 'Insight only.', 'Nothing is sent to the workspace (export.enabled=false). Traces, metrics and this page work.'];
    }
    const refused = hostWithStatus(response, 'HOST_REFUSED');
    if (refused) {
      return ['warn', `${refused} may not be contacted.`, 'Its address is private or its scheme is not https. Statements go on; nothing is sent.'];
    }
    const anonymous = hostWithStatus(response, 'NO_CREDENTIALS');
    if (anonymous) {
      return ['warn', `There are no credentials for ${anonymous}.`, 'Statements go on; metrics wait until there are credentials.'];
    }
    if (worst.featureFlag?.enabled === false) {
      return ['warn', ...FLAG_OFF];
    }
    if (state === 'OPEN') {
      const error = (worst.clients ?? []).map(client => client.lastError).find(Boolean);
      const why = error?.status ? ` after HTTP ${error.status}` : error ? ` after ${error.class}` : '';
      return ['bad', `The circuit breaker of ${host} is open${why}.`,
        `${plural(pending, 'metric')} pending. Statements go on as before. ${probeText(worst, now)}`];
    }
    if (state === 'HALF_OPEN') {
      return ['warn', `The circuit breaker of ${host} is half open.`, `One request at a time tries the workspace. ${plural(pending, 'metric')} pending.`];
    }
    const off = hostWhere(response, other => other.featureFlag?.enabled === false);
    if (off) {
      return ['warn', `The feature flag of ${off} is off.`, `Nothing is sent there. ${deliveryDetail(response, now)}`];
    }
    const recent = model.recent(10);
    if (recent.failures > 0) {
      return ['warn', `${number(recent.failures)} of ${plural(recent.statements, 'statement')} failed in the last 10 seconds.`,
        `The list of failed statements shows them. ${deliveryDetail(response, now)}`];
    }
    if (this.recovered && now - this.recovered.at < 20_000) {
      const lost = this.recovered.dropped;
      return ['good', 'Delivery works again.', lost > 0
        ? `${plural(lost, 'event or metric was', 'events and metrics were')} dropped during the outage; the rest was delivered or is pending.`
        : 'Nothing was dropped during the outage.'];
    }
    if (worst.featureFlag?.enabled == null) {
      return ['quiet', 'The workspace has not answered about its feature flag yet.', `${plural(pending, 'metric')} pending until it does.`];
    }
    return ['good', 'All is well.', deliveryDetail(response, now)];
  }

  follow(state, dropped, now) {
    if (state === 'OPEN' || state === 'HALF_OPEN') {
      this.outage ??= { dropped };
      this.recovered = null;
    } else if (this.outage) {
      this.recovered = { at: now, dropped: dropped - this.outage.dropped };
      this.outage = null;
    }
  }

  /** What to say when there is no response. */
  static silence(failure, sinceMillis) {
    const since = sinceMillis == null ? '' : ` The last response came ${seconds(sinceMillis / 1000)} ago.`;
    if (failure.login) {
      return ['down', 'The application wants a login.', `${failure.login}. Reload this page and log in.${since} The numbers below are old.`];
    }
    if (failure.status === 403) {
      return ['down', 'The application does not let this page read its endpoint.',
        `HTTP 403. Allow access to databrickstelemetry as to this page.${since}`];
    }
    if (failure.status === 404) {
      return ['down', 'The endpoint databrickstelemetry is not exposed.',
        `Add it to management.endpoints.web.exposure.include.${since}`];
    }
    return ['down', 'The application does not answer.', `${failure.text}.${since} The numbers below are old.`];
  }
}

function probeText(host, now) {
  const next = Date.parse(host.circuitBreaker?.nextProbe ?? '');
  if (Number.isNaN(next)) return '';
  return next > now ? `The next request is tried in ${seconds((next - now) / 1000)}.` : 'The next request is tried with the next flush.';
}
