// A page that waits, or is being filled in, learns what happens elsewhere: told by the server's events, or by asking every ten seconds where no stream is to be had.

import { after, lifetime, look, onEachPage, one, shown } from './page.js';

const ASK_AGAIN_MS = 10_000;
const LISTEN_AGAIN_MS = 1_000;
/** While nobody answers; the last one again and again. */
const PAUSES_MS = [1_000, 2_000, 4_000, 8_000, 15_000, 30_000];

onEachPage(() => {
  if (shown().dataset.events) follow();
});

document.addEventListener('click', (event) => {
  const link = event.target.closest('[data-look]');
  if (link === null) return;
  event.preventDefault();
  look().then(tellWhetherAway);
});

function follow() {
  const { signal, isOver } = lifetime();
  let canListen = 'EventSource' in window;
  let failures = 0;
  let looks = 0;
  let stop = () => undefined;
  listen();
  // Browsers have few connections to one server: a form in a tab that nobody sees holds none, and looks when it is seen.
  if ('listens' in shown().dataset) {
    document.addEventListener(
      'visibilitychange',
      () => {
        stop();
        if (!document.hidden) goOn();
      },
      { signal },
    );
  }

  function listen() {
    if (document.hidden && 'listens' in shown().dataset) return;
    if (!canListen) {
      stop = after(ASK_AGAIN_MS, goOn);
      return;
    }
    const stream = new EventSource(shown().dataset.events);
    let hasOpened = false;
    stop = () => stream.close();
    signal.addEventListener('abort', stop);
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
    looks += 1;
    const own = looks;
    const isAnswered = await look();
    tellWhetherAway(isAnswered);
    // A later look goes on.
    if (isOver() || own !== looks) return isAnswered;
    failures = isAnswered ? 0 : failures + 1;
    if (isAnswered) stop = after(LISTEN_AGAIN_MS, listen);
    else stop = after(PAUSES_MS[Math.min(failures, PAUSES_MS.length) - 1] * (0.75 + Math.random() / 2), goOn);
    return isAnswered;
  }
}

/** Kindly, and only while it is so. */
function tellWhetherAway(isAnswered) {
  const notice = one('[data-away]');
  notice.textContent = isAnswered ? '' : notice.dataset.away;
}
