// Reads the endpoint beside this page and nothing else.
const ENDPOINT = 'databrickstelemetry';
const EVERY = 2000;
const PATIENCE = 5000;
const SPEAK_EVERY = 10_000;

const model = new Model();
const story = new Story();
const charts = new Charts();
const slowest = new StatementList('slowest', 'No statement has ended in the last 15 minutes.');
const failed = new StatementList('failed', 'No statement has failed.');
let lastResponse = null;
let lastResponseAt = null;
let spoken = { mood: null, at: 0 };
let running = false;

async function read(path, options) {
  const response = await fetch(path, { ...options, headers: { Accept: 'application/json', ...options?.headers }, signal: AbortSignal.timeout(PATIENCE), cache: 'no-store' });
  const isJson = (response.headers.get('Content-Type') ?? '').includes('json');
  if (!response.ok || !isJson) throw { status: response.status, redirected: response.redirected, text: response.ok ? 'The response is no JSON' : `HTTP ${response.status}` };
  return response.json();
}

function tell([mood, headline, detail]) {
  data(element('story'), 'mood', mood);
  data(document.body, 'down', String(mood === 'down'));
  text('headline', headline);
  text('detail', detail);
  const now = Date.now();
  if (spoken.mood !== mood && now - spoken.at >= SPEAK_EVERY) {
    spoken = { mood, at: now };
    text('spoken', `${headline} ${detail}`);
  }
}

function render(response) {
  const now = Date.parse(response.time) || Date.now();
  tell(story.tell(response, model, now));
  show(response, model, element('source').value, now);
  charts.draw(model, element('source').value);
  element('pause').textContent = response.paused ? 'Resume' : 'Pause';
  element('pause').dataset.action = response.paused ? 'RESUME' : 'PAUSE';
}

async function round() {
  if (running || document.hidden) return;
  running = true;
  try {
    const response = await read(ENDPOINT);
    lastResponse = response;
    lastResponseAt = Date.now();
    model.add(response, (Date.parse(response.time) || lastResponseAt) / 1000);
    render(response);
    data(element('connection'), 'up', 'true');
    text('connection', `updated ${clock(new Date())}`);
    const statements = await read(`${ENDPOINT}/statements`);
    slowest.show(statements.slowest ?? []);
    failed.show(statements.failed ?? []);
  } catch (failure) {
    const reason = failure.text ? failure : { text: failure.name === 'TimeoutError' ? 'No response within 5 seconds' : 'The connection failed' };
    tell(Story.silence(reason, lastResponseAt && Date.now() - lastResponseAt));
    data(element('connection'), 'up', 'false');
    text('connection', 'no response');
  } finally {
    running = false;
  }
}

/** The buttons are there only where the endpoint takes a POST. */
async function lookForActions() {
  try {
    const response = await fetch(ENDPOINT, { method: 'OPTIONS', signal: AbortSignal.timeout(PATIENCE) });
    element('actions').hidden = !(response.headers.get('Allow') ?? '').includes('POST');
  } catch {
    element('actions').hidden = true;
  }
}

const QUESTIONS = {
  FLUSH: 'Send all pending metrics now?',
  PAUSE: 'Pause sending to the workspace, for all hosts?',
  RESUME: 'Resume sending to the workspace?',
};

function ask(action) {
  text('question', QUESTIONS[action]);
  const dialog = element('confirm');
  dialog.returnValue = 'no';
  dialog.onclose = () => { if (dialog.returnValue === 'yes') act(action); };
  dialog.showModal();
}

async function act(action) {
  text('answer', '');
  try {
    const csrf = document.cookie.match(/(?:^|; )XSRF-TOKEN=([^;]+)/)?.[1];
    const headers = { 'Content-Type': 'application/json', ...(csrf && { 'X-XSRF-TOKEN': decodeURIComponent(csrf) }) };
    await read(ENDPOINT, { method: 'POST', headers, body: JSON.stringify({ action }) });
    await round();
  } catch (failure) {
    text('answer', `The application did not do it: ${failure.text ?? 'no response'}.${failure.status === 403 ? ' Its security refuses the request, perhaps for want of a CSRF token.' : ''}`);
  }
}

document.querySelectorAll('[data-action]').forEach(button => button.addEventListener('click', () => ask(button.dataset.action)));
element('source').addEventListener('change', () => { if (lastResponse) render(lastResponse); });
document.addEventListener('visibilitychange', round);
setInterval(round, EVERY);
lookForActions();
round();
