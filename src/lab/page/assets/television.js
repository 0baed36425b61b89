// The television: a frame with the real application, and a remote control whose keys it hears as a box would hand them over.
const LOOK_EVERY_MS = 1000;
const WIDTH = 1280;
const part = document.querySelector('.television');
const set = part.querySelector('.set');
const LETTERS = { r: 403, g: 404, y: 405, b: 406, Backspace: 461, Escape: 461 };

const frame = () => set.querySelector('iframe');

function press(keyCode) {
  const screen = frame()?.contentDocument;
  screen?.dispatchEvent(new KeyboardEvent('keydown', { keyCode, bubbles: true, cancelable: true }));
}

/** The picture is made for one size; the set is as wide as its place. */
function scale() {
  set.style.setProperty('--scale', String(set.clientWidth / WIDTH));
}

async function look() {
  try {
    const answer = await fetch('/lab/television');
    if (answer.ok) take(new DOMParser().parseFromString(await answer.text(), 'text/html'));
  } catch {
    // The page itself says that the server is away; the television says so too.
  }
}

function take(fresh) {
  const { session } = fresh.querySelector('.set').dataset;
  // A server that was started again has forgotten what is on: the set goes on by itself.
  if (session === '') return;
  if (session !== set.dataset.session) show(fresh.querySelector('.set iframe'), session);
  for (const one of fresh.querySelectorAll('[data-set]')) {
    const shown = part.querySelector(`[data-set="${one.dataset.set}"]`);
    if (shown.innerHTML === one.innerHTML || shown.contains(document.activeElement)) continue;
    const isOpen = shown.querySelector('details')?.open === true;
    shown.innerHTML = one.innerHTML;
    if (isOpen && shown.querySelector('details') !== null) shown.querySelector('details').open = true;
  }
}

function show(screen, session) {
  frame()?.remove();
  set.dataset.session = session;
  set.querySelector('.off').hidden = true;
  set.prepend(screen);
}

part.addEventListener('submit', async (event) => {
  event.preventDefault();
  const body = new URLSearchParams(new FormData(event.target));
  // The payment that the page shows by now.
  body.set('payment', document.querySelector('#shown [data-payment]')?.dataset.payment ?? body.get('payment'));
  await fetch('/lab/television', { method: 'POST', headers: { accept: 'application/json' }, body });
  // In another language it is the same session: it is shown anew.
  set.dataset.session = '';
  await look();
});

part.addEventListener('click', (event) => {
  const key = event.target.closest('[data-code]');
  if (key !== null) press(Number(key.dataset.code));
});

part.querySelector('.remote').addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const code = LETTERS[event.key] ?? (/^(?:\d|Arrow\w+)$/.test(event.key) ? event.keyCode : null);
  if (code === null) return;
  event.preventDefault();
  press(code);
});

new ResizeObserver(scale).observe(set);
scale();
setInterval(() => {
  if (!document.hidden && set.dataset.session !== '') void look();
}, LOOK_EVERY_MS);
