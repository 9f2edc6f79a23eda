// Slowest and failed statements. A row that a person has opened stays, whatever arrives, until it is closed.
const SHOWN = 8;

class StatementList {
  constructor(id, empty) {
    this.list = element(id);
    this.empty = empty;
    this.rows = new Map();
    this.all = false;
  }

  show(statements) {
    const keyOf = statement => `${statement.id}@${statement.startedAt}`;
    this.latest = statements;
    const wanted = this.all ? statements : statements.slice(0, SHOWN);
    const keys = new Set(wanted.map(keyOf));
    for (const [key, row] of this.rows) {
      if (keys.has(key)) continue;
      if (row.querySelector('details').open) row.querySelector('summary').classList.add('gone');
      else this.rows.delete(key);
    }
    wanted.forEach(statement => {
      const key = keyOf(statement);
      if (!this.rows.has(key)) this.rows.set(key, statementRow(statement));
    });
    const opened = [...this.rows].filter(([key]) => !keys.has(key)).map(([, row]) => row);
    const ordered = [...wanted.map(statement => this.rows.get(keyOf(statement))), ...opened];
    const more = statements.length > SHOWN ? [this.toggle(statements.length)] : [];
    const next = ordered.length > 0 ? [...ordered, ...more] : [make('li', { class: 'hint' }, this.empty)];
    this.arrange(next);
  }

  /** Arranges the rows around the one that has the focus: a row that is moved loses it. */
  arrange(next) {
    const shown = [...this.list.children];
    if (shown.length === next.length && shown.every((row, i) => row === next[i])) return;
    const wanted = new Set(next);
    shown.forEach(row => { if (!wanted.has(row)) row.remove(); });
    const fixed = next.find(row => row.contains(document.activeElement)) ?? null;
    const at = fixed ? next.indexOf(fixed) : next.length;
    next.slice(0, at).forEach(row => this.list.insertBefore(row, fixed));
    next.slice(at + 1).forEach(row => this.list.append(row));
  }

  toggle(count) {
    this.button ??= make('button', { type: 'button', class: 'plain' });
    this.button.textContent = this.all ? `Show ${SHOWN} only` : `Show all ${number(count)}`;
    this.button.onclick = () => { this.all = !this.all; this.show(this.latest); };
    this.item ??= make('li', {}, this.button);
    return this.item;
  }
}

/** Its length is execute and consume: poll is a part of the one, and chunks are downloaded during the other. */
function phaseBar(phases) {
  const of = phase => phases?.[phase] ?? 0;
  const [poll, download] = [Math.min(of('poll'), of('execute')), Math.min(of('download'), of('consume'))];
  const parts = { execute: of('execute') - poll, poll, download, consume: of('consume') - download };
  const total = of('execute') + of('consume') || 1;
  const bar = make('span', { class: 'phases', title: PHASES.map(phase => `${phase} ${millis(phases?.[phase] ?? 0)}`).join(', ') });
  PHASES.forEach(phase => {
    const part = make('i', { 'data-line': phase });
    part.style.width = `${100 * parts[phase] / total}%`;
    bar.append(part);
  });
  return bar;
}

function statementRow(statement) {
  const error = statement.error;
  const what = error ? error.sqlState || (error.httpStatus ? `HTTP ${error.httpStatus}` : error.class) : words(statement.operation);
  const summary = make('summary', {},
    make('time', { datetime: statement.startedAt }, clock(new Date(statement.startedAt))),
    make('span', { class: 'took' }, millis(statement.duration)),
    make('span', {}, `${statement.dataSource} · ${what}`),
    phaseBar(statement.phases));
  const details = make('details', {}, summary);
  details.addEventListener('toggle', () => {
    if (details.open && details.childElementCount === 1) details.append(statementDetails(statement));
  });
  return make('li', {}, details);
}

function statementDetails(statement) {
  const error = statement.error;
  const copy = make('button', { type: 'button', class: 'copy', 'aria-label': 'Copy the statement id' }, 'copy');
  copy.addEventListener('click', () => copyText(statement.id, copy));
  const link = safeLink(statement.queryProfile);
  return definitions([
    ['statement', [make('code', {}, statement.id), ' ', copy]],
    ['query profile', link && make('a', { href: link, target: '_blank', rel: 'noopener noreferrer' }, 'open in the workspace')],
    ['trace', statement.traceId && make('code', {}, statement.traceId)],
    ['host', statement.host],
    ['phases', PHASES.map(phase => `${phase} ${millis(statement.phases?.[phase] ?? 0)}`).join(', ')],
    ['result', [statement.resultFormat && words(statement.resultFormat), statement.chunks > 0 && plural(statement.chunks, 'chunk')].filter(Boolean).join(', ')],
    ['error', error && [error.class, error.sqlState, error.httpStatus ? `HTTP ${error.httpStatus}` : null].filter(Boolean).join(', ')],
    ['query text', statement.queryText && make('code', {}, statement.queryText)],
  ]);
}

/** Only http and https links are links. */
function safeLink(address) {
  try {
    const url = new URL(address);
    return ['https:', 'http:'].includes(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

async function copyText(value, button) {
  try {
    await navigator.clipboard.writeText(value);
    button.textContent = 'copied';
  } catch {
    // The clipboard needs a secure page: the text is selected instead, ready for Ctrl+C.
    getSelection().selectAllChildren(button.parentElement.querySelector('code'));
    button.textContent = 'selected';
  }
  setTimeout(() => { button.textContent = 'copy'; }, 2000);
}
