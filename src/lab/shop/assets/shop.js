// The order page changes by itself while something is still to come; without this script it reloads.
const order = () => document.getElementById('order');

async function look() {
  if (order()?.dataset.moving !== 'yes') return;
  if (!document.hidden) {
    try {
      const answer = await fetch(location.href, { headers: { accept: 'text/html' } });
      if (answer.ok) take(new DOMParser().parseFromString(await answer.text(), 'text/html'));
    } catch {
      // The server is away for a moment: the next look will tell.
    }
  }
  setTimeout(look, 800);
}

/** Puts in what has changed, and nothing else, so that a screen reader says it once. */
function take(fresh) {
  for (const id of ['order', 'doing']) {
    const [mine, theirs] = [document.getElementById(id), fresh.getElementById(id)];
    if (!theirs || mine.outerHTML === theirs.outerHTML) continue;
    mine.innerHTML = theirs.innerHTML;
    mine.className = theirs.className;
    if (theirs.dataset.moving) mine.dataset.moving = theirs.dataset.moving;
  }
}

setTimeout(look, 400);
