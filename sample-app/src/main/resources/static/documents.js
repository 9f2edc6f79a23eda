// The newest telemetry documents as the workspace received them; opened ones stay open.
import { element } from './view.js';

const byId = id => document.getElementById(id);
const shown = new Map();

function row(received) {
  const what = [element('span', {}, received.operation || 'error')];
  if (received.error) {
    what.push(' ', element('span', { class: 'error' }, received.error));
  }
  const id = received.statementId || received.sessionId;
  what.push(' ', element('code', { class: 'id', title: id }, id.slice(0, 8)));
  if (received.known) {
    what.push(' ', element('span', { class: 'tick', title: "in the workspace's query history" }, '✓'));
  }
  const at = new Date(received.receivedMillis);
  const details = element('details', {},
    element('summary', {},
      element('time', { datetime: at.toISOString() }, at.toLocaleTimeString([], { hour12: false })),
      element('span', {}, ...what),
      element('span', {}, received.latencyMillis < 0 ? '' : `${received.latencyMillis} ms`)));
  // Most documents are never opened.
  details.addEventListener('toggle', () => {
    if (details.open && details.childElementCount === 1) {
      details.append(element('pre', { tabindex: 0 }, JSON.stringify(received.content, null, 2)));
    }
  });
  return element('li', {}, details);
}

export function showDocuments({ workspace, documents }) {
  const numbers = new Set(documents.map(received => received.number));
  for (const [number, item] of shown) {
    if (!numbers.has(number)) {
      item.remove();
      shown.delete(number);
    }
  }
  for (const received of documents.toReversed()) {
    if (!shown.has(received.number)) {
      const item = row(received);
      shown.set(received.number, item);
      byId('documents').prepend(item);
    }
  }
  const each = workspace.documents === 0 ? '' : `, ${Math.round(workspace.bytes / workspace.documents)} bytes each`;
  byId('received').textContent = `${workspace.documents}${each}`;
}
