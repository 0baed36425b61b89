// What the payment page does better with scripts. Without them everything works, by forms and links.
// It speaks to our own server only, keeps no card data and writes none anywhere.

export const one = (selector, root = document) => root.querySelector(selector);
export const each = (selector, action) => document.querySelectorAll(selector).forEach(action);

/** What is shown now: all of it is replaced when the payment moves on, and nothing else is. */
export const shown = () => one('[data-page]');
const here = location.pathname;

/** What the shown page has begun and what must end with it. */
let life = new AbortController();
const starts = [];

/** Called for the page as it came, and again for each that takes its place. */
export function onEachPage(start) {
  starts.push(start);
}

export function startPage() {
  for (const start of starts) start();
}

/** True for as long as the page that is shown now is shown. */
export function lifetime() {
  const { signal } = life;
  return { signal, isOver: () => signal.aborted };
}

/** A timer that dies with the page it was set for. Browsers count a wait over 24 days as none. */
export function after(milliseconds, action) {
  const timer = setTimeout(action, Math.min(milliseconds, 2 ** 31 - 1));
  life.signal.addEventListener('abort', () => clearTimeout(timer));
  return () => clearTimeout(timer);
}

/** Told to those who listen, without a word on the screen. */
export function sayAloud(text) {
  one('[data-live]').textContent = text;
}

/** Asks for the page as it is now and shows it. True when our server has answered. */
export async function look() {
  try {
    const answer = await fetch(here, { cache: 'no-store' });
    // Our own trouble, or too much of ours at once: not an answer to show, but a reason to ask again.
    if (answer.status >= 500 || answer.status === 429) return false;
    return show(await answer.text());
  } catch {
    return false;
  }
}

/** Called when the payment was touched elsewhere and the same is asked as before: with the page that came. */
const renewals = [];
export function onRenewal(renew) {
  renewals.push(renew);
}

/** Called with the page that goes, the one that comes and where the focus was, before the one takes the other's place. */
const exchanges = [];
export function onExchange(exchange) {
  exchanges.push(exchange);
}

/** What is asked, without how often something has happened. */
export const promptOf = (state) => state.split(' ')[1];

/** Puts a page of ours in the place of the one that is shown, without a reload. False for what is none. */
export function show(text) {
  // The colour is here already, under the nonce of the page that came first; under another one it is refused.
  const next = new DOMParser().parseFromString(text.replace(/<style.*?<\/style>/s, ''), 'text/html');
  const coming = one('[data-page]', next);
  const going = shown();
  if (coming === null) return false;
  if (coming.dataset.state === going.dataset.state) return true;
  if ('listens' in going.dataset && promptOf(coming.dataset.state) === promptOf(going.dataset.state)) {
    return renew(going, coming);
  }
  // A form that somebody else was faster than: should they go to their bank, that is not for this tab.
  const hasGivenWay = 'listens' in going.dataset || 'aside' in going.dataset;
  if (hasGivenWay && 'navigate' in coming.dataset) return hasHeard(going, coming);
  if (hasGivenWay) coming.dataset.aside = '';
  // A step at the issuer's: what this page may reach was settled when it came, so another one must. The same for a page
  // of a newer release, which this script does not know.
  if ('navigate' in coming.dataset || scriptOf(next) !== scriptOf(document)) {
    location.replace(here);
    return true;
  }
  const focused = going.contains(document.activeElement) ? document.activeElement.id : '';
  const focus = exchanges.map((exchange) => exchange(going, coming, focused)).find(Boolean) ?? focused;
  life.abort();
  life = new AbortController();
  going.replaceWith(document.adoptNode(coming));
  document.title = next.title;
  document.documentElement.lang = next.documentElement.lang;
  keepFocus(focus);
  sayAloud(next.title);
  startPage();
  return true;
}

/** Nothing that is shown changes but what tells how the payment stands. */
function renew(going, coming) {
  going.dataset.state = coming.dataset.state;
  for (const renewal of renewals) renewal(coming);
  return hasHeard(going, coming);
}

/** From now on only what comes later is news. */
function hasHeard(going, coming) {
  going.dataset.events = going.dataset.events.replace(/\d+$/, coming.dataset.state.split(' ')[0]);
  return true;
}

const scriptOf = (root) => one('script[src]', root)?.getAttribute('src');

/** Where it was if that is still there, else at the heading; the page stays where it was scrolled to. */
function keepFocus(id) {
  const same = id === '' ? null : document.getElementById(id);
  const target = same ?? one('[data-focus]') ?? one('h1');
  if (same === null) target?.setAttribute('tabindex', '-1');
  target?.focus({ preventScroll: true });
}

/** Going to the address again, or back from the browser's memory: shows what is, and what was typed stays if it still is. */
addEventListener('pageshow', ({ persisted }) => {
  if (!persisted) return;
  each('form[data-sent]', letGo);
  look();
});

/** A form that may be sent once more. */
export function letGo(form) {
  delete form.dataset.sent;
  one('button[aria-disabled]', form)?.removeAttribute('aria-disabled');
}
