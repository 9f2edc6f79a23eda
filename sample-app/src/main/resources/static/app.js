// The page's clock: asks once a second for what is new, and hands it to the parts that show it.
import { createCharts } from './charts.js';
import { bindControls } from './controls.js';
import { showDocuments } from './documents.js';
import { showAbout, showFlow, showHosts, showLink, showStory } from './view.js';

const WINDOW_SECONDS = 120;
const SAMPLES_KEPT = 300;

const samples = [];
const charts = createCharts(WINDOW_SECONDS);
const controls = bindControls(() => samples.at(-1));
let about = null;
let documentsShown = -1;

async function json(url) {
  const response = await fetch(url, { cache: 'no-store' });
  if (!response.ok) {
    throw new Error(`${url} answered ${response.status}`);
  }
  return response.json();
}

async function update() {
  about ??= showAbout(await json('/live/about'));
  const newer = await json(`/live?since=${samples.at(-1)?.time ?? 0}`);
  samples.push(...newer);
  samples.splice(0, Math.max(0, samples.length - SAMPLES_KEPT));
  const last = samples.at(-1);
  if (!last || newer.length === 0) {
    return;
  }
  for (const element of document.querySelectorAll('[data-embedded]')) {
    element.hidden = last.workspace === null;
  }
  showFlow(last);
  showHosts(last);
  showStory(samples, about, controls.step());
  charts.show(samples);
  controls.show(last);
  if (last.workspace && last.workspace.documents !== documentsShown) {
    showDocuments(await json('/workspace/telemetry?limit=40'));
    documentsShown = last.workspace.documents;
  }
}

async function tick() {
  try {
    await update();
    showLink(true);
  } catch (failure) {
    // The application is being restarted, or has gone: a new one starts with a new history.
    showLink(false);
    samples.length = 0;
    about = null;
    documentsShown = -1;
  }
  setTimeout(tick, 1000);
}

tick();
