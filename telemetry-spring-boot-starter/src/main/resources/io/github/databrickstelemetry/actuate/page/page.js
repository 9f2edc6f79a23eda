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
let actionsKnown = false;

/**
 * The JSON of a response; throws what Story.silence explains. With X-Requested-With, Spring Security answers 401 without
 * the challenge for which a browser would open a window of its own. A redirect is not followed: it leads to a login.
 */
async function read(path, options) {
  let response;
  try {
    response = await fetch(path, {
      ...options,
      headers: { Accept: 'application/json', 'X-Requested-With': 'XMLHttpRequest', ...options?.headers },
      signal: AbortSignal.timeout(PATIENCE),
      cache: 'no-store',
      redirect: 'manual',
    });
  } catch (failure) {
    throw { text: failure.name === 'TimeoutError' ? 'No response within 5 seconds' : 'The connection failed' };
  }
  if (response.type === 'opaqueredirect') throw { login: 'It redirects to another page', text: 'a redirect' };
  if (response.status === 401) throw { login: 'HTTP 401', text: 'HTTP 401' };
  if (!response.ok) throw { status: response.status, text: `HTTP ${response.status}` };
  if (!(response.headers.get('Content-Type') ?? '').includes('json')) throw { login: 'It answers with another page', text: 'another page' };
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
    actionsKnown ||= await lookForActions().catch(() => false);
    data(element('connection'), 'up', 'true');
    text('connection', `updated ${clock(new Date())}`);
    const statements = await read(`${ENDPOINT}/statements`);
    slowest.show(statements.slowest ?? []);
    failed.show(statements.failed ?? []);
  } catch (failure) {
    tell(Story.silence(failure.text ? failure : { text: 'The response broke off or is not readable' }, lastResponseAt && Date.now() - lastResponseAt));
    data(element('connection'), 'up', 'false');
    text('connection', 'no response');
  } finally {
    running = false;
  }
}

/** The buttons are there only where the endpoint takes a POST. False if there was no response. */
async function lookForActions() {
  const response = await fetch(ENDPOINT, { method: 'OPTIONS', redirect: 'manual', signal: AbortSignal.timeout(PATIENCE) });
  element('actions').hidden = !(response.headers.get('Allow') ?? '').includes('POST');
  return response.type !== 'opaqueredirect' && response.status < 500;
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
  const csrf = document.cookie.match(/(?:^|; )XSRF-TOKEN=([^;]+)/)?.[1];
  text('answer', '');
  try {
    const headers = { 'Content-Type': 'application/json', ...(csrf && { 'X-XSRF-TOKEN': decodeURIComponent(csrf) }) };
    await read(ENDPOINT, { method: 'POST', headers, body: JSON.stringify({ action }) });
    data(element('answer'), 'bad', 'false');
    text('answer', action === 'FLUSH' ? 'All pending metrics are being sent.' : '');
    await round();
  } catch (failure) {
    data(element('answer'), 'bad', 'true');
    text('answer', `Nothing was changed: ${refusal(failure, csrf)}`);
  }
}

function refusal(failure, csrf) {
  if (failure.login) return 'the application wants a login. Reload this page and log in.';
  if (failure.status !== 403) return `${failure.text ?? 'no response'}.`;
  return csrf ? 'HTTP 403. The application refuses the request or its CSRF token.'
    : 'HTTP 403. The application probably wants a CSRF token. This page takes it from a cookie named XSRF-TOKEN, and there is none.';
}

/** A page that was out of sight does not show what was true long ago as if it were true now. */
function seen() {
  const age = Date.now() - (lastResponseAt ?? Date.now());
  if (!document.hidden && age > PATIENCE) tell(['quiet', 'Reading again.', `The last response came ${seconds(age / 1000)} ago.`]);
  round();
}

document.querySelectorAll('[data-action]').forEach(button => button.addEventListener('click', () => ask(button.dataset.action)));
element('source').addEventListener('change', () => { if (lastResponse) render(lastResponse); });
document.addEventListener('visibilitychange', seen);
setInterval(round, EVERY);
round();
