// Three charts and two bands over the same two minutes, one below the other, so that cause and effect line up.
import uPlot from '/webjars/uplot/dist/uPlot.esm.js';

const AXIS = 48;
const RIGHT = 8;

const NAMES = {
  HEALTHY: 'healthy', ERROR: 'answers 500', HANG: 'hangs', REFUSE: 'drops connections',
  CLOSED: 'closed', OPEN: 'open', HALF_OPEN: 'half open',
};

function clock(time) {
  return new Date(time * 1000).toLocaleTimeString([], { hour12: false });
}

function color(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

const whole = most => [0, Math.max(1, most * 1.1)];

/** A first connection takes a hundred times as long as a statement: such a peak may leave the picture. */
function withoutPeaks(most, values) {
  const sorted = values.flat().filter(value => value != null).sort((a, b) => a - b);
  const usual = sorted[Math.floor(0.9 * (sorted.length - 1))] ?? 0;
  return whole(Math.min(most, 3 * usual));
}

/** A value between two gaps makes no line, so it needs a point to be seen. */
function alone(plot, series) {
  const values = plot.data[series];
  return values.flatMap((value, i) => (value != null && values[i - 1] == null && values[i + 1] == null ? [i] : []));
}

function chart(element, series, range, withTimes) {
  const axis = { stroke: color('soft'), grid: { stroke: color('line'), width: 1 }, ticks: { show: false }, font: '11px system-ui' };
  return new uPlot({
    width: element.clientWidth,
    height: element.clientHeight,
    legend: { show: false },
    cursor: { show: false },
    padding: [6, RIGHT, 0, 0],
    scales: { x: { time: true }, y: { range: (plot, _, most) => range(most ?? 0, plot.data.slice(1)) } },
    axes: [
      { ...axis, size: withTimes ? 20 : 4, gap: 2, space: 80, values: (_, at) => at.map(time => (withTimes ? clock(time) : '')) },
      { ...axis, size: AXIS, gap: 4, space: 28 },
    ],
    series: [{}, ...series.map(({ stroke, fill }) => ({
      stroke: color(stroke), width: 2, points: { show: false, size: 6, filter: alone }, spanGaps: false,
      fill: fill ? color(fill) : undefined,
    }))],
  }, [[], ...series.map(() => [])], element);
}

function deltas(values) {
  return values.map((value, i) => (i === 0 ? null : Math.max(0, value - values[i - 1])));
}

function total(sample, field) {
  return sample.clients.reduce((sum, client) => sum + client[field], 0);
}

/** The worst state counts where there are several hosts. */
export function breakerOf(sample) {
  const states = sample.clients.map(client => client.breaker);
  return ['OPEN', 'HALF_OPEN', 'CLOSED'].find(state => states.includes(state)) ?? null;
}

function band(element, samples, stateOf, from, until) {
  const spans = [];
  for (const sample of samples) {
    const state = stateOf(sample);
    const last = spans.at(-1);
    if (last && last.state === state) {
      last.until = sample.time / 1000;
    } else if (state) {
      const start = last ? last.until : sample.time / 1000 - 1;
      spans.push({ state, from: start, until: sample.time / 1000 });
    }
  }
  const share = time => 100 * (Math.max(from, time) - from) / (until - from);
  element.replaceChildren(...spans.filter(span => span.until > from).map(span => {
    const part = document.createElement('span');
    part.dataset.state = span.state;
    part.style.left = `${share(span.from)}%`;
    part.style.width = `${share(span.until) - share(span.from)}%`;
    part.textContent = NAMES[span.state];
    part.title = `${NAMES[span.state]} for ${Math.round(span.until - span.from)} s`;
    return part;
  }));
  element.setAttribute('aria-label', spans.length === 0 ? 'no state yet'
    : `${element.id.replace('band-', '')}: ${spans.map(span => NAMES[span.state]).join(', then ')}`);
}

export function createCharts(windowSeconds) {
  const elements = ['rate', 'latency', 'metrics'].map(name => document.getElementById(`chart-${name}`));
  let charts = [];

  function build() {
    charts.forEach(old => old.destroy());
    charts = [
      chart(elements[0], [{ stroke: 'blue' }], whole),
      chart(elements[1], [{ stroke: 'blue' }, { stroke: 'violet' }], withoutPeaks),
      chart(elements[2], [{ stroke: 'warn', fill: 'warn-fill' }, { stroke: 'good' }], whole, true),
    ];
  }

  build();
  let shown = [];

  function show(samples) {
    shown = samples;
    const until = samples.at(-1).time / 1000;
    const from = Math.max(until - windowSeconds, Math.min(samples[0].time / 1000, until - 30));
    const seen = samples.filter(sample => sample.time / 1000 >= from - 2);
    const times = seen.map(sample => sample.time / 1000);
    const data = [
      [times, seen.map(sample => sample.statements.lastSecond)],
      [times, seen.map(sample => sample.statements.p50), seen.map(sample => sample.statements.p95)],
      [times, seen.map(sample => total(sample, 'pending') + total(sample, 'inFlight')),
        deltas(seen.map(sample => total(sample, 'delivered')))],
    ];
    charts.forEach((one, i) => one.batch(() => {
      one.setData(data[i], false);
      one.setScale('x', { min: from, max: until });
    }));
    band(document.getElementById('band-service'), seen, sample => sample.workspace?.endpoint, from, until);
    band(document.getElementById('band-breaker'), seen, breakerOf, from, until);
  }

  const rebuild = () => {
    build();
    if (shown.length > 0) {
      show(shown);
    }
  };
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', rebuild);
  new ResizeObserver(() => charts.forEach((one, i) => {
    if (one.width !== elements[i].clientWidth) {
      one.setSize({ width: elements[i].clientWidth, height: elements[i].clientHeight });
    }
  })).observe(elements[0]);

  return { show };
}
