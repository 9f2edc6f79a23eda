// What a response shows: the way of a statement, the hosts with their sums, the data sources.
function show(response, model, source, now) {
  const clients = clientsOf(response);
  const point = model.samples.at(-1)?.points[ALL] ?? {};
  text('application', response.application ? `in ${response.application}` : '');
  const rate = compact(point.statements ?? 0);
  const failing = compact(point.failures ?? 0);
  text('rate', rate);
  text('rate-unit', rate === '1' ? 'statement/s' : 'statements/s');
  text('failing', failing === '0' ? 'no failures' : failing === '1' ? '1 failure/s' : `${failing} failures/s`);
  text('emitted', number(sum(clients, client => client.events?.emitted)));
  text('queued', `${number(sum(clients, client => client.events?.queued))} queued`);
  const pending = sum(clients, client => client.metrics?.pending);
  text('pending', number(pending));
  text('made', `${plural(sum(clients, client => client.metrics?.made), 'metric')} made`);
  showBreaker(response, now);
  text('delivered', number(sum(clients, client => client.metrics?.delivered)));
  const last = clients.map(client => client.lastSuccess).filter(Boolean).sort().at(-1);
  text('arrival', stopped(response) ?? (last ? `last ${ago(last, now)}` : 'nothing delivered yet'));
  const reasons = Object.entries(droppedByReason(response)).filter(([, count]) => count > 0);
  text('dropped', reasons.length === 0 ? 'Nothing was dropped.'
    : `Dropped since the start: ${reasons.map(([reason, count]) => `${words(reason)} ${number(count)}`).join(', ')}.`);
  showHosts(response, now);
  showSources(response, source);
}

/** Why nothing is sent although the circuit breaker is closed, or null. */
function stopped(response) {
  if (response.paused) return 'paused';
  if (hasStatus(response, 'EXPORT_OFF')) return 'export is off';
  return worstHost(response)[1].featureFlag?.enabled === false ? 'flag off, nothing is sent' : null;
}

function showBreaker(response, now) {
  const state = breakerOf(response);
  const [, worst] = worstHost(response);
  const moods = { CLOSED: 'good', HALF_OPEN: 'warn', OPEN: 'bad' };
  text('breaker', state ? words(state) : 'none yet');
  data(element('node-breaker'), 'mood', moods[state] ?? 'plain');
  data(element('node-workspace'), 'mood', state === 'CLOSED' && stopped(response) ? 'warn' : moods[state] ?? 'plain');
  data(element('node-metrics'), 'mood', state === 'OPEN' ? 'warn' : 'plain');
  text('probe', state === 'OPEN' ? probeText(worst, now) || 'open' : state ? flagText(worst.featureFlag, now) : 'created with the first connection');
}

function flagText(flag, now) {
  if (!flag) return 'flag not known';
  const age = flag.answeredAt ? `, ${ago(flag.answeredAt, now)}` : '';
  return `flag ${flag.enabled == null ? 'not known' : flag.enabled ? 'on' : 'off'}${age}`;
}

/** Replaces the content of a list only if it differs, so that what a person has focused or selected stays. */
function replaceIfChanged(id, key, children) {
  const target = element(id);
  if (target.dataset.key !== key) {
    target.dataset.key = key;
    target.replaceChildren(...children());
  }
}

function showHosts(response, now) {
  const hosts = Object.entries(response.hosts ?? {});
  if (hosts.length === 0) return;
  replaceIfChanged('hosts', JSON.stringify([response.hosts, Math.floor(now / 2000)]), () => hosts.map(([name, host]) => hostCard(name, host, now)));
}

function hostCard(name, host, now) {
  const breaker = host.circuitBreaker ?? {};
  const moods = { CLOSED: 'good', HALF_OPEN: 'warn', OPEN: 'bad' };
  const moves = (breaker.transitions ?? []).slice(-3).reverse()
    .map(move => `${words(move.from)} → ${words(move.to)} ${ago(move.at, now)}`).join('; ');
  const card = make('div', { class: 'card' }, make('h3', {}, name), definitions([
    ['breaker', make('span', { class: 'badge', 'data-mood': moods[breaker.state] }, words(breaker.state ?? 'not known'))],
    ['last changes', moves],
    ['feature flag', `${flagText(host.featureFlag, now)}${host.featureFlag?.lastError ? `, last error ${host.featureFlag.lastError}` : ''}`],
  ]));
  (host.clients ?? []).forEach(client => card.append(clientPart(client, now)));
  return card;
}

function clientPart(client, now) {
  const events = client.events ?? {};
  const metrics = client.metrics ?? {};
  const droppedEvents = sum(values(events.dropped), count => count);
  const droppedMetrics = sum(values(metrics.dropped), count => count);
  const error = client.lastError;
  const holds = (left, ...right) => left === right.reduce((total, part) => total + (part ?? 0), 0);
  const sumLine = (words, right) => make('p', { class: 'sum' }, make('b', { 'data-holds': String(right) }, right ? '✓ ' : '✗ '), words);
  return make('div', {},
    definitions([
      ['principal', client.principal],
      ['status', `${words(client.status)}${client.blockedReason ? ` (${words(client.blockedReason)})` : ''}`],
      ['last delivery', client.lastSuccess ? ago(client.lastSuccess, now) : 'none yet'],
      ['last error', error ? `${error.status ? `HTTP ${error.status}` : error.class}, ${ago(error.at, now)}` : null],
    ]),
    sumLine(`${plural(events.emitted, 'event')} = ${number(events.queued)} queued + ${number(events.aggregated)} aggregated + ${number(droppedEvents)} dropped`,
      holds(events.emitted ?? 0, events.queued, events.aggregated, droppedEvents)),
    sumLine(`${plural(metrics.made, 'metric')} = ${number(metrics.delivered)} delivered + ${number(metrics.rejected)} rejected + ${number(droppedMetrics)} dropped + ${number(metrics.pending)} pending + ${number(metrics.inFlight)} in flight`,
      holds(metrics.made ?? 0, metrics.delivered, metrics.rejected, droppedMetrics, metrics.pending, metrics.inFlight)));
}

function showSources(response, selected) {
  const sources = response.dataSources ?? [];
  const counts = response.statements ?? {};
  const names = Object.keys(counts);
  replaceIfChanged('source', JSON.stringify(names), () => [ALL, ...new Set(names)].map(name => make('option', { value: name }, name || 'all')));
  element('source').value = names.includes(selected) ? selected : ALL;
  if (sources.length === 0) return;
  replaceIfChanged('sources', JSON.stringify([sources, counts]), () => sources.map(source => make('div', { class: 'card' },
    make('h3', {}, source.name),
    definitions([
      ['host', source.host],
      ['instrumented', words(source.instrumentation ?? 'none')],
      ["driver's telemetry", words(source.driverTelemetry ?? 'unchanged')],
      ['note', source.reason],
      ['statements', counts[source.name] ? `${number(counts[source.name].finished)}, ${number(counts[source.name].failed)} failed` : null],
    ]))));
}
