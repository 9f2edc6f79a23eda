// Three charts and two bands over the same time, one below the other, so that cause and effect line up.
const color = name => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
const CHARTS = [
  ['chart-rate', [['statements', 'blue'], ['failures', 'bad']]],
  ['chart-latency', [['p50', 'blue'], ['p95', 'violet']]],
  ['chart-phases', [['execute', 'blue'], ['poll', 'warn'], ['download', 'violet'], ['consume', 'teal']]],
];
const AXIS = 58;
const MARGIN = 8;
const HALF_LABEL = 30;
const SPAN = 600;

/** A value between two gaps makes no line; it needs a point to be seen. */
function lonely(plot, series) {
  const line = plot.data[series];
  return line.flatMap((value, i) => (value != null && line[i - 1] == null && line[i + 1] == null ? [i] : []));
}

function compact(value) {
  if (value >= 1_000_000) return `${Math.round(value / 100_000) / 10}M`;
  return value >= 1000 ? `${Math.round(value / 100) / 10}k` : String(value < 10 ? Math.round(value * 10) / 10 : Math.round(value));
}

/** The labels of the time axis. One that would be cut at the right or printed over the other axis is left out. */
function times(plot, at) {
  const width = plot.bbox.width / devicePixelRatio;
  return at.map(time => {
    const x = plot.valToPos(time, 'x');
    return x < HALF_LABEL || x > width + MARGIN - HALF_LABEL ? '' : clock(new Date(time * 1000));
  });
}

class Charts {
  constructor() {
    this.plots = [];
    this.build();
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.rebuild());
    new ResizeObserver(() => this.resize()).observe(element('chart-rate'));
  }

  build() {
    const axis = { stroke: color('soft'), grid: { stroke: color('line'), width: 1 }, ticks: { show: false }, font: '11px system-ui' };
    this.plots = CHARTS.map(([id, lines]) => new uPlot({
      width: element(id).clientWidth || 300,
      height: 120,
      legend: { show: false },
      cursor: { show: false },
      padding: [8, MARGIN, 0, 0],
      scales: { x: { time: true }, y: { range: (plot, least, most) => [0, Math.max(1, (most ?? 0) * 1.1)] } },
      axes: [
        { ...axis, size: 22, gap: 3, space: 90, values: times },
        { ...axis, size: AXIS, gap: 5, space: 30, values: (plot, at) => at.map(compact) },
      ],
      series: [{}, ...lines.map(([, stroke]) => ({ stroke: color(stroke), width: 2, spanGaps: false, points: { show: false, size: 6, filter: lonely } }))],
    }, [[], ...lines.map(() => [])], element(id)));
  }

  rebuild() {
    this.plots.forEach(plot => plot.destroy());
    this.build();
    if (this.last) this.draw(...this.last);
  }

  resize() {
    this.plots.forEach((plot, i) => {
      const width = element(CHARTS[i][0]).clientWidth;
      if (width > 0 && width !== plot.width) plot.setSize({ width, height: 120 });
    });
  }

  draw(model, source) {
    this.last = [model, source];
    const times = model.samples.map(sample => sample.time);
    const until = times.at(-1) ?? Date.now() / 1000;
    const from = Math.max(until - SPAN, Math.min(times[0] ?? until, until - 60));
    this.plots.forEach((plot, i) => {
      plot.setData([times, ...CHARTS[i][1].map(([field]) => model.line(source, field))], false);
      plot.setScale('x', { min: from, max: until });
      element(CHARTS[i][0]).setAttribute('aria-label', CHARTS[i][1]
        .map(([field]) => `${field} ${compact(model.line(source, field).at(-1) ?? 0)}`).join(', '));
    });
    const breakers = { CLOSED: 'good', HALF_OPEN: 'warn', OPEN: 'bad' };
    band('band-breaker', model.samples, sample => sample.breaker, state => breakers[state], from, until);
    band('band-dropped', model.samples, sample => sample.dropped.join(', ') || null, () => 'bad', from, until);
  }
}

/** Draws a band of states over time. A label that has no room is left out; the title has it. */
function band(id, samples, stateOf, moodOf, from, until) {
  const spans = [];
  samples.forEach((sample, i) => {
    const state = stateOf(sample);
    const begin = i > 0 ? samples[i - 1].time : sample.time - 1;
    const last = spans.at(-1);
    if (last && last.state === state && last.until === begin) last.until = sample.time;
    else if (state) spans.push({ state, from: begin, until: sample.time });
  });
  const target = element(id);
  const width = target.clientWidth;
  const share = time => (Math.max(from, time) - from) / (until - from);
  const shown = spans.filter(span => span.until > from);
  target.replaceChildren(...shown.map(span => {
    const label = words(span.state);
    const room = (share(span.until) - share(span.from)) * width;
    const part = make('span', { title: `${label} for ${seconds(span.until - span.from)}`, 'data-mood': moodOf(span.state) }, room > 8 * label.length ? label : '');
    part.style.left = `${100 * share(span.from)}%`;
    part.style.width = `${100 * (share(span.until) - share(span.from))}%`;
    return part;
  }));
  target.setAttribute('aria-label', `${id === 'band-breaker' ? 'Circuit breaker' : 'Dropped'}: ${shown.map(span => words(span.state)).join(', then ') || 'nothing'}`);
}
