// A page that waits moves by itself: told by the server's events, or by asking every ten seconds where no stream is to be had.

import { after, lifetime, look, onEachPage, one, shown } from './page.js';

const ASK_AGAIN_MS = 10_000;
const LISTEN_AGAIN_MS = 1_000;
/** While nobody answers; the last one again and again. */
const PAUSES_MS = [1_000, 2_000, 4_000, 8_000, 15_000, 30_000];

onEachPage(() => {
  const address = shown().dataset.events;
  if (address) follow(address);
});

document.addEventListener('click', (event) => {
  const link = event.target.closest('[data-look]');
  if (link === null) return;
  event.preventDefault();
  look().then(tellWhetherAway);
});

function follow(address) {
  const { signal, isOver } = lifetime();
  let canListen = 'EventSource' in window;
  let failures = 0;
  listen();

  function listen() {
    if (!canListen) {
      after(ASK_AGAIN_MS, goOn);
      return;
    }
    const stream = new EventSource(address);
    let hasOpened = false;
    signal.addEventListener('abort', () => stream.close());
    stream.addEventListener('open', () => {
      hasOpened = true;
    });
    stream.addEventListener('changed', () => {
      stream.close();
      goOn();
    });
    stream.addEventListener('error', async () => {
      // We come again in our own time: a browser's would be every two seconds, from everybody at once.
      stream.close();
      const isAnswered = await goOn();
      if (isAnswered && !hasOpened) canListen = false;
    });
  }

  /** Looks, and waits on for as long as the page stays what it is. */
  async function goOn() {
    const isAnswered = await look();
    tellWhetherAway(isAnswered);
    if (isOver()) return isAnswered;
    failures = isAnswered ? 0 : failures + 1;
    if (isAnswered) after(LISTEN_AGAIN_MS, listen);
    else after(PAUSES_MS[Math.min(failures, PAUSES_MS.length) - 1] * (0.75 + Math.random() / 2), goOn);
    return isAnswered;
  }
}

/** Kindly, and only while it is so. */
function tellWhetherAway(isAnswered) {
  const notice = one('[data-away]');
  notice.textContent = isAnswered ? '' : notice.dataset.away;
}
