// The switches, and the outage that plays by itself.
const byId = id => document.getElementById(id);

async function post(url) {
  const response = await fetch(url, { method: 'POST' });
  if (!response.ok) {
    throw new Error(`${url} answered ${response.status}`);
  }
}

const setLoad = perSecond => post(`/load?perSecond=${perSecond}`);
const setEndpoint = mode => post(`/workspace/telemetry/${mode}`);
const setFlag = on => post(`/workspace/flag/${on}`);

/** Runs what a switch asks for; a failure is said beside the switches. */
async function attempt(action) {
  try {
    byId('complaint').textContent = '';
    await action();
  } catch (failure) {
    byId('complaint').textContent = failure.message;
  }
}

/** An outage from its beginning to its end; says each step, and stops early when it is told to. */
class Outage {
  step = null;
  #stopped = false;

  constructor(latest) {
    this.latest = latest;
  }

  stop() {
    this.#stopped = true;
  }

  async play() {
    await setEndpoint('HEALTHY');
    await setLoad(20);
    await this.#wait('1 of 4.', 8, () => false);
    if (!this.#stopped) {
      await setEndpoint('ERROR');
    }
    await this.#wait('2 of 4.', 40, () => this.#breakerIs('OPEN'));
    await this.#wait('3 of 4.', 8, () => false);
    await setEndpoint('HEALTHY');
    await this.#wait('4 of 4.', 60, () => this.#breakerIs('CLOSED'));
    await this.#wait('4 of 4.', 5, () => false);
    this.step = null;
  }

  #breakerIs(state) {
    const clients = this.latest()?.clients ?? [];
    return clients.length > 0 && clients.every(client => client.breaker === state);
  }

  async #wait(step, seconds, reached) {
    this.step = step;
    for (let waited = 0; waited < seconds && !this.#stopped && !reached(); waited += 0.25) {
      await new Promise(resolve => setTimeout(resolve, 250));
    }
  }
}

export function bindControls(latest) {
  let outage = null;
  // A switch that was just moved is not moved back by a sample that was taken before.
  let touched = 0;
  byId('controls').addEventListener('input', () => { touched = performance.now(); });

  byId('one').addEventListener('click', () => attempt(() => fetch('/trips/top?limit=5')));
  byId('failing').addEventListener('click', () => attempt(() => fetch('/trips/broken')));
  byId('load').addEventListener('input', event => showLoad(event.target.valueAsNumber));
  byId('load').addEventListener('change', event => attempt(() => setLoad(event.target.value)));
  byId('flag').addEventListener('change', event => attempt(() => setFlag(event.target.checked)));
  byId('endpoint').addEventListener('change', event => attempt(() => setEndpoint(event.target.value)));
  byId('demo').addEventListener('click', async () => {
    if (outage) {
      outage.stop();
      return;
    }
    outage = new Outage(latest);
    byId('demo').textContent = 'Stop';
    await attempt(() => outage.play());
    outage = null;
    byId('demo').textContent = 'Play an outage';
  });

  function showLoad(perSecond) {
    byId('loadvalue').textContent = perSecond === 0 ? 'off' : `${perSecond} a second`;
  }

  return {
    /** The switches follow the application, which others may switch too. */
    show(sample) {
      byId('demo').hidden = sample.workspace === null;
      byId('demo').nextElementSibling.hidden = sample.workspace === null;
      if (performance.now() - touched < 2500) {
        return;
      }
      byId('load').value = sample.loadPerSecond;
      showLoad(sample.loadPerSecond);
      if (sample.workspace) {
        byId('endpoint').querySelector(`[value="${sample.workspace.endpoint}"]`).checked = true;
        byId('flag').checked = sample.workspace.flag;
      }
    },
    step: () => outage?.step ?? null,
  };
}
