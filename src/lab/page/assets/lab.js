// Keeps the page as true as the system: looks again all the time, and swaps the parts that have changed. When the server
// is away, it says so and goes on looking.
const EVERY_MS = 600;
const known = new Map();
let awaySince = null;

async function look() {
  if (!document.hidden) {
    try {
      const answer = await fetch(location.href, { headers: { accept: 'text/html' } });
      if (!answer.ok) throw new Error(String(answer.status));
      take(new DOMParser().parseFromString(await answer.text(), 'text/html'));
      showAway(null);
    } catch {
      showAway(awaySince ?? Date.now());
    }
  }
  setTimeout(look, awaySince === null ? EVERY_MS : EVERY_MS / 3);
}

function showAway(since) {
  if (since === null && awaySince !== null) say(`The server is back, after ${seconds(awaySince)} s.`, 'back');
  else if (since !== null) say(`The server is away, for ${seconds(since)} s. Its port does not answer.`, 'gone');
  awaySince = since;
}

function say(text, kind) {
  const away = document.getElementById('away');
  away.textContent = text;
  away.className = kind;
  away.hidden = false;
}

const seconds = (since) => ((Date.now() - since) / 1000).toFixed(1);

/** Swaps what has changed. What was unfolded stays unfolded, and the keyboard stays where it was. */
function take(fresh) {
  if (namesIn(document) !== namesIn(fresh))
    document.querySelector('main').innerHTML = fresh.querySelector('main').innerHTML;
  for (const part of fresh.querySelectorAll('[data-part]')) {
    const name = part.dataset.part;
    if (known.get(name) === part.innerHTML) continue;
    known.set(name, part.innerHTML);
    swap(document.querySelector(`[data-part="${name}"]`), part.innerHTML);
  }
}

const namesIn = (page) => [...page.querySelectorAll('[data-part]')].map(({ dataset }) => dataset.part).join();

function swap(part, content) {
  if (part.innerHTML === content) return;
  const open = new Set([...part.querySelectorAll('details[open]')].map(({ dataset }) => dataset.key));
  const focused = part.contains(document.activeElement) ? placeOf(document.activeElement) : null;
  part.innerHTML = content;
  for (const details of part.querySelectorAll('details')) details.open = open.has(details.dataset.key);
  if (focused !== null) part.querySelector(focused)?.focus();
}

function placeOf(element) {
  if (element.matches('summary'))
    return `details[data-key="${CSS.escape(element.parentElement.dataset.key)}"] > summary`;
  return element.matches('a[href]') ? `a[href="${CSS.escape(element.getAttribute('href'))}"]` : null;
}

document.addEventListener('submit', async (event) => {
  const form = event.target;
  event.preventDefault();
  const button = form.querySelector('button');
  button.disabled = true;
  document.getElementById('away').hidden = true;
  try {
    const answer = await fetch(form.action, { method: 'POST', headers: { accept: 'application/json' } });
    if (!answer.ok) throw new Error(String(answer.status));
    const { payment } = await answer.json();
    if (payment !== null) history.replaceState(null, '', '/lab');
  } catch {
    say('That did not work. The server is away, or cannot do it now.', 'gone');
  }
  button.disabled = false;
});

setTimeout(look, EVERY_MS);
