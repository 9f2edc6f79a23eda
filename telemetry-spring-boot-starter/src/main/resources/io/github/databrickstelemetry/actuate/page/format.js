// Words and numbers for people.
const WHOLE = new Intl.NumberFormat('en');
const number = value => WHOLE.format(Math.round(value ?? 0));
const plural = (count, one, many = `${one}s`) => `${number(count)} ${Math.round(count ?? 0) === 1 ? one : many}`;
const words = name => String(name).toLowerCase().replaceAll('_', ' ');
const clock = date => date.toLocaleTimeString([], { hour12: false });

function millis(value) {
  if (value == null) return '–';
  if (value < 1000) return `${number(value)} ms`;
  return value < 60_000 ? `${(value / 1000).toFixed(2)} s` : `${number(value / 60_000)} min`;
}

function seconds(value) {
  const whole = Math.max(0, Math.round(value));
  return whole < 100 ? `${whole} s` : whole < 6000 ? `${Math.round(whole / 60)} min` : `${Math.round(whole / 3600)} h`;
}

/** How long ago, by the server's clock. */
function ago(instant, now) {
  const then = Date.parse(instant);
  return Number.isNaN(then) ? 'at an unknown time' : `${seconds((now - then) / 1000)} ago`;
}

const element = id => document.getElementById(id);

/** An element with text. Text from outside never becomes markup. */
function make(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) if (value != null) made.setAttribute(name, value);
  made.append(...children.filter(child => child != null));
  return made;
}

/** Changes text only where it differs, so that selections and screen readers are left alone. */
function text(id, value) {
  const target = element(id);
  if (target.textContent !== value) target.textContent = value;
}

function data(target, name, value) {
  if (target.dataset[name] !== value) target.dataset[name] = value;
}

function definitions(entries) {
  return make('dl', {}, ...entries.filter(([, value]) => value != null && value !== '')
    .flatMap(([name, value]) => [make('dt', {}, name), make('dd', {}, ...[value].flat())]));
}
