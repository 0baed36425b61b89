// Keeps the page as true as the system: looks again all the time, and swaps the parts that have changed. When the server
// is away, it says so and goes on looking.
const EVERY_MS = 600;
const known = new Map();
const NOTICE_MS = 8000;
let awaySince = null;
let hiding = 0;

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
  if (since !== null) say('The server is away: its port does not answer.', 'gone', `${seconds(since)} s`);
  else if (awaySince !== null) say('The server is back.', 'back', `It was away for ${seconds(awaySince)} s`);
  awaySince = since;
}

/** Said once to screen readers; what is counted beside it is for the eye. */
function say(text, kind, counted = '') {
  const away = document.getElementById('away');
  const [told, beside] = away.children;
  away.className = kind;
  away.hidden = false;
  if (told.textContent !== text) told.textContent = text;
  beside.textContent = counted;
  clearTimeout(hiding);
  if (kind === 'back') hiding = setTimeout(() => away.setAttribute('hidden', ''), NOTICE_MS);
}

const seconds = (since) => ((Date.now() - since) / 1000).toFixed(1);

/** The commands can be had with one press; the button exists only where this script does. */
function offerCopies(part) {
  for (const command of part.querySelectorAll('pre.command')) {
    const button = document.createElement('button');
    button.className = 'copy';
    button.textContent = 'Copy';
    button.addEventListener('click', async () => {
      await navigator.clipboard.writeText(command.textContent);
      button.textContent = 'Copied';
    });
    command.before(button);
  }
}

/** Swaps what has changed. What was unfolded stays unfolded, and the keyboard stays where it was. */
function take(fresh) {
  if (namesIn(document) !== namesIn(fresh))
    document.getElementById('shown').innerHTML = fresh.getElementById('shown').innerHTML;
  for (const part of fresh.querySelectorAll('[data-part]')) {
    const name = part.dataset.part;
    if (known.get(name) === part.innerHTML) continue;
    known.set(name, part.innerHTML);
    swap(document.querySelector(`[data-part="${name}"]`), part.innerHTML);
  }
}

const namesIn = (page) => [...page.querySelectorAll('[data-part]')].map(({ dataset }) => dataset.part).join();

function swap(part, content) {
  const open = new Set([...part.querySelectorAll('details[open]')].map(({ dataset }) => dataset.key));
  const focused = part.contains(document.activeElement) ? placeOf(document.activeElement) : null;
  part.innerHTML = content;
  offerCopies(part);
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
  // The devices and the television have scripts of their own.
  if (form.closest('.devices, .television') !== null) return;
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

for (const part of document.querySelectorAll('[data-part]')) {
  known.set(part.dataset.part, part.innerHTML);
  offerCopies(part);
}
setTimeout(look, EVERY_MS);
