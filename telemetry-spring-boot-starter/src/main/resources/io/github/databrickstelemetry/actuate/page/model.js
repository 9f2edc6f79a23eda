// From responses of the endpoint to rates: cumulative counts become differences. Bounded: at most SAMPLES points each.
const SAMPLES = 300;
const QUANTILE_WINDOW = 5;
const PHASES = ['execute', 'poll', 'download', 'consume'];
const ALL = '';

const sum = (list, of) => list.reduce((total, item) => total + (of(item) || 0), 0);
const values = object => Object.values(object ?? {});
const clientsOf = response => values(response.hosts).flatMap(host => host.clients ?? []);

/** Adds what several data sources counted. */
function added(list) {
  const known = list.filter(Boolean);
  const counts = [];
  known.forEach(item => (item.duration?.counts ?? []).forEach((count, i) => { counts[i] = (counts[i] ?? 0) + count; }));
  return {
    count: sum(known, item => item.finished),
    failed: sum(known, item => item.failed),
    phases: Object.fromEntries(PHASES.map(phase => [phase, sum(known, item => item.phases?.[phase])])),
    bounds: known.find(item => item.duration)?.duration.upperBounds ?? [],
    counts,
  };
}

/** The value below which this share of the counts lies, by linear interpolation inside its bucket; null without counts. */
function quantile(share, bounds, counts) {
  const all = sum(counts, count => count);
  if (all <= 0) return null;
  let before = 0;
  for (let i = 0; i < counts.length; i++) {
    if (counts[i] > 0 && before + counts[i] >= share * all) {
      const low = i === 0 ? 0 : bounds[i - 1];
      const high = i < bounds.length ? bounds[i] : low;
      return low + (high - low) * ((share * all - before) / counts[i]);
    }
    before += counts[i];
  }
  return bounds.at(-1) ?? null;
}

function droppedByReason(response) {
  const reasons = {};
  for (const client of clientsOf(response)) {
    for (const dropped of [client.events?.dropped, client.metrics?.dropped]) {
      for (const [reason, count] of Object.entries(dropped ?? {})) reasons[reason] = (reasons[reason] ?? 0) + count;
    }
  }
  return reasons;
}

/** The state that a person should look at first, of all hosts. */
function breakerOf(response) {
  const states = values(response.hosts).map(host => host.circuitBreaker?.state);
  return ['OPEN', 'HALF_OPEN', 'CLOSED'].find(state => states.includes(state)) ?? null;
}

class Model {
  constructor() {
    this.samples = [];
    this.counts = new Map();
  }

  /** Takes in one response, received at this time in seconds. */
  add(response, seconds) {
    const sources = response.statements ?? {};
    const named = new Map([[ALL, added(values(sources))]]);
    Object.keys(sources).forEach(name => named.set(name, added([sources[name]])));
    const before = this.samples.at(-1);
    const elapsed = before ? Math.max(.001, seconds - before.time) : null;
    const points = {};
    for (const [name, now] of named) points[name] = this.point(name, now, elapsed);
    for (const name of this.counts.keys()) if (!named.has(name)) this.counts.delete(name);
    const dropped = droppedByReason(response);
    this.samples.push({
      time: seconds,
      points,
      breaker: breakerOf(response),
      dropped: before ? Object.keys(dropped).filter(reason => dropped[reason] > (before.totals[reason] ?? 0)) : [],
      totals: dropped,
    });
    if (this.samples.length > SAMPLES) this.samples.shift();
  }

  point(name, now, elapsed) {
    const history = this.counts.get(name) ?? [];
    // Counts that fall are those of a new process.
    const last = history.at(-1);
    const usable = last && elapsed && now.count >= last.count;
    if (last && !usable) history.length = 0;
    history.push(now);
    if (history.length > QUANTILE_WINDOW) history.shift();
    this.counts.set(name, history);
    if (!usable) return {};
    const statements = now.count - last.count;
    const first = history[0];
    const counts = now.counts.map((count, i) => Math.max(0, count - (first.counts[i] ?? 0)));
    const mean = phase => (statements > 0 ? (now.phases[phase] - last.phases[phase]) / statements : null);
    return {
      statements: statements / elapsed,
      failures: Math.max(0, now.failed - last.failed) / elapsed,
      p50: quantile(.5, now.bounds, counts),
      p95: quantile(.95, now.bounds, counts),
      ...Object.fromEntries(PHASES.map(phase => [phase, mean(phase)])),
    };
  }

  /** One line of a chart. */
  line(source, field) {
    return this.samples.map(sample => sample.points[source]?.[field] ?? null);
  }

  /** Statements and failures of the last so many seconds. */
  recent(seconds) {
    const from = (this.samples.at(-1)?.time ?? 0) - seconds;
    let statements = 0;
    let failures = 0;
    this.samples.forEach((sample, i) => {
      const point = sample.points[ALL];
      if (i > 0 && sample.time > from && point?.statements != null) {
        const span = sample.time - this.samples[i - 1].time;
        statements += point.statements * span;
        failures += point.failures * span;
      }
    });
    return { statements: Math.round(statements), failures: Math.round(failures) };
  }
}
