// The controls beside the starter's page. The server keeps the state; this shows it and changes it.
const element = id => document.getElementById(id);
const page = crypto.randomUUID?.() ?? String(Math.random());
const EVERY = 1000;
// A switch that was just moved does not go back with a state that was read before.
let touched = -Infinity;

function say(text, bad = false) {
  element('message').textContent = text;
  element('message').dataset.bad = bad;
}

async function send(path, method = 'POST') {
  const response = await fetch(path, { method, cache: 'no-store' });
  if (!response.ok) throw new Error(`${path}: HTTP ${response.status}`);
  return response;
}

async function attempt(action) {
  touched = performance.now();
  try {
    await action();
  } catch (failure) {
    say(failure.message, true);
  }
}

async function run(button) {
  button.disabled = true;
  const start = performance.now();
  const response = await fetch(button.dataset.get, { cache: 'no-store' }).catch(() => null);
  button.disabled = false;
  const took = `${Math.round(performance.now() - start)} ms`;
  if (response === null) say('The application does not answer.', true);
  else if ('fails' in button.dataset) say(`Failed after ${took}, as it should.`);
  else say(response.ok ? `Ran in ${took}.` : `Failed after ${took}: HTTP ${response.status}`, !response.ok);
}

function show(state) {
  document.querySelectorAll('[data-workspace]').forEach(part => { part.hidden = !state.workspace; });
  const playing = state.secondsLeft > 0;
  element('outage').textContent = playing ? 'End the outage' : 'Play an outage';
  element('outage-note').textContent = playing
    ? `${state.secondsLeft} s left of ${state.outageSeconds} s.`
    : `Starts a load, breaks the telemetry service, heals it. ${state.outageSeconds} seconds.`;
  element('outage').dataset.playing = playing;
  if (performance.now() - touched < 1500) return;
  document.body.dataset.known = 'true';
  element('load').value = state.loadPerSecond;
  element('service').value = state.service;
  element('flag').checked = state.flag;
  showLoad();
}

function showLoad() {
  const perSecond = element('load').valueAsNumber;
  element('load-value').textContent = perSecond === 0 ? 'off' : `${perSecond} per second`;
}

async function tick() {
  try {
    show(await (await send(`/controls?page=${page}`, 'GET')).json());
  } catch {
    say('The application does not answer.', true);
  }
  setTimeout(tick, EVERY);
}

document.querySelectorAll('[data-get]').forEach(button => button.addEventListener('click', () => run(button)));
element('load').addEventListener('input', () => { touched = performance.now(); showLoad(); });
element('load').addEventListener('change', () => attempt(() => send(`/load?perSecond=${element('load').value}`)));
element('service').addEventListener('change', () => attempt(() => send(`/workspace/telemetry/${element('service').value}`)));
element('flag').addEventListener('change', () => attempt(() => send(`/workspace/flag/${element('flag').checked}`)));
element('outage').addEventListener('click', event =>
  attempt(async () => {
    touched = -Infinity;
    show(await (await send(event.target.dataset.playing === 'true' ? '/controls/end' : '/controls/outage')).json());
  }));
// The server ends load and outage with the last page; without this request it waits for the lease.
addEventListener('pagehide', () => navigator.sendBeacon(`/controls/leave?page=${page}`));
tick();
