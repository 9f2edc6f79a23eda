// Words and numbers: the story, the way of telemetry, the hosts' accounts.
import { breakerOf } from './charts.js';

const number = new Intl.NumberFormat('en');
const byId = id => document.getElementById(id);
const BREAKER = { CLOSED: 'closed', OPEN: 'open', HALF_OPEN: 'half open' };
const SERVICE = { HEALTHY: 'healthy', ERROR: 'answers 500', HANG: 'hangs', REFUSE: 'drops connections' };
const FLAG = {
  INITIALIZING: 'not answered yet', VALID: 'on', INTERRUPTED: 'last known value', OFF: 'off', OVERRIDDEN: 'overridden',
};

function text(id, value) {
  const element = byId(id);
  if (element.textContent !== value) {
    element.textContent = value;
  }
}

function sum(sample, field) {
  return sample.clients.reduce((total, client) => total + client[field], 0);
}

function millis(value) {
  return value === null ? '–' : `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
}

export function element(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

export function showAbout(about) {
  text('about', `A Spring Boot ${about.springBoot} application on Java ${about.java}, its statements, `
    + 'and what becomes of their telemetry.');
  return about;
}

export function showLink(up) {
  byId('link').dataset.up = up;
  text('link', up ? 'live' : 'no answer from the application');
}

export function showFlow(sample) {
  const { statements, workspace } = sample;
  const breaker = breakerOf(sample);
  const waiting = sum(sample, 'pending') + sum(sample, 'inFlight');
  text('rate', number.format(statements.lastSecond));
  text('latency', statements.p50 === null
    ? `${number.format(statements.total)} so far`
    : `p50 ${millis(statements.p50)}, p95 ${millis(statements.p95)}`);
  text('emitted', number.format(sum(sample, 'emitted')));
  text('queued', `${number.format(sum(sample, 'queued'))} queued, ${number.format(sum(sample, 'droppedEvents'))} dropped`);
  text('pending', number.format(waiting));
  text('made', `${number.format(sum(sample, 'metrics'))} made, ${number.format(sum(sample, 'droppedMetrics'))} dropped`);
  byId('pendingnode').dataset.waiting = breaker !== null && breaker !== 'CLOSED' && waiting > 0;
  byId('breakernode').dataset.state = breaker ?? 'NONE';
  text('breaker', breaker ? BREAKER[breaker] : 'none yet');
  text('breakernote', { CLOSED: 'requests pass', OPEN: 'no request is sent', HALF_OPEN: 'one probe at a time' }[breaker]
    ?? 'made with the first connection');
  byId('wire').dataset.cut = breaker === 'OPEN' || (workspace !== null && workspace.endpoint !== 'HEALTHY');
  text('delivered', number.format(sum(sample, 'delivered')));
  byId('servicenode').dataset.state = workspace?.endpoint ?? 'HEALTHY';
  text('servicenote', workspace
    ? `${SERVICE[workspace.endpoint]}; ${number.format(workspace.documents)} received`
    : 'a real workspace');
}

/** What a person would say who watches. */
function tell(samples, about) {
  const last = samples.at(-1);
  const { statements, workspace } = last;
  const waiting = sum(last, 'pending') + sum(last, 'inFlight');
  const breaker = breakerOf(last);
  const broken = workspace !== null && workspace.endpoint !== 'HEALTHY';
  const unaware = statements.p50 === null ? 'No statement runs at present.'
    : `Statements go on as before: p50 ${millis(statements.p50)}.`;
  if (!about.telemetry) {
    return ['quiet', 'Telemetry is disabled.', 'Set databricks.telemetry.enabled=true to see something here.'];
  } else if (statements.total === 0) {
    return ['quiet', 'Nothing has run yet.', 'Run one statement, start a steady load, or play the outage.'];
  } else if (last.clients.some(client => client.status !== 'ACTIVE' && client.status !== 'CLOSED')) {
    const status = last.clients.find(client => client.status !== 'ACTIVE').status;
    return ['warn', `A client sends nothing: ${status.toLowerCase().replaceAll('_', ' ')}.`, unaware];
  } else if (breaker === 'OPEN') {
    return ['bad', `The breaker is open: nothing is sent, ${number.format(waiting)} metrics wait.`,
      `${unaware} ${broken ? 'After its open time, the breaker lets one probe through.'
        : 'The service is healthy again; the breaker will find out with its next probe.'}`];
  } else if (breaker === 'HALF_OPEN') {
    return ['warn', 'The breaker is half open: one probe at a time.',
      `${number.format(waiting)} metrics wait. Two successes close it, one failure opens it again.`];
  } else if (broken) {
    return ['warn', `The telemetry service ${SERVICE[workspace.endpoint]}.`,
      `${unaware} ${number.format(waiting)} metrics wait; after five failed requests in a row the breaker opens.`];
  } else if (last.clients.some(client => client.flag === 'OFF')) {
    return ['quiet', "The server's flag is off: nothing is sent.", `${unaware} Metrics are discarded, and counted.`];
  } else if (samples.slice(-25).some(sample => ['OPEN', 'HALF_OPEN'].includes(breakerOf(sample)))) {
    return ['good', 'All that waited has arrived.',
      `${number.format(sum(last, 'delivered'))} metrics delivered, ${number.format(sum(last, 'droppedMetrics'))} dropped, `
        + `${number.format(waiting)} on their way.`];
  }
  return ['good', 'All is well.', `${statements.p50 === null ? unaware : 'Statements run'
    + `, p50 ${millis(statements.p50)}.`} Their telemetry arrives within seconds.`];
}

export function showStory(samples, about, step) {
  const [mood, headline, detail] = tell(samples, about);
  byId('story').dataset.mood = mood;
  text('headline', step ? `${step} ${headline}` : headline);
  text('detail', detail);
}

function sumLine(name, whole, parts) {
  const holds = whole === parts.reduce((total, [, count]) => total + count, 0);
  return element('p', { class: 'sum' },
    element('b', { 'data-holds': holds }, holds ? '✓' : '✕'),
    ` ${number.format(whole)} ${name} = ${parts.map(([what, count]) => `${number.format(count)} ${what}`).join(' + ')}`);
}

function row(name, ...value) {
  return [element('dt', {}, name), element('dd', {}, ...value)];
}

function badge(mood, words) {
  return element('span', { class: 'badge', 'data-mood': mood }, words);
}

function card(client) {
  const dropped = Object.entries(client.dropped).map(([reason, count]) => `${number.format(count)} ${reason}`).join(', ');
  return element('article', { class: 'host' },
    element('h3', {}, client.host),
    element('dl', {},
      ...row('Breaker', badge({ CLOSED: 'good', HALF_OPEN: 'warn', OPEN: 'bad' }[client.breaker], BREAKER[client.breaker])),
      ...row('Feature flag', badge({ VALID: 'good', OFF: 'bad', INTERRUPTED: 'warn' }[client.flag] ?? '', FLAG[client.flag])),
      ...row('Dropped', dropped || 'nothing'),
      ...row('Last success', client.lastSuccess ? new Date(client.lastSuccess).toLocaleTimeString([], { hour12: false }) : 'none yet'),
      ...row('Last error', client.lastError ?? 'none')),
    sumLine('events', client.emitted, [['queued', client.queued], ['aggregated', client.aggregated],
      ['dropped', client.droppedEvents]]),
    sumLine('metrics', client.metrics, [['delivered', client.delivered], ['rejected', client.rejected],
      ['dropped', client.droppedMetrics], ['pending', client.pending], ['in flight', client.inFlight]]));
}

export function showHosts(sample) {
  if (sample.clients.length > 0) {
    byId('hosts').replaceChildren(...sample.clients.map(card));
  }
}
