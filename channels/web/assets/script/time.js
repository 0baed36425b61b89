// Says so two minutes before the page closes, and gets more time without losing what was typed.

import { after, look, onEachPage, one, onRenewal, promptOf, show } from './page.js';

const WARN_SECONDS = 120;
/** The server may notice the end a moment after our own clock. */
const PATIENCE_MS = 2_000;

onEachPage(() => {
  const region = one('[data-time]');
  if (region !== null) watch(region, Number(region.dataset.expiresIn));
});

/** More time that was asked for elsewhere counts here too. */
onRenewal((coming) => {
  const there = one('[data-time]', coming);
  const region = one('[data-time]');
  if (there === null || region === null) return;
  region.dataset.expiresIn = there.dataset.expiresIn;
  one('[data-warning]', region).hidden = Number(there.dataset.expiresIn) > WARN_SECONDS;
  watch(region, Number(there.dataset.expiresIn));
});

let stops = [];
function watch(region, seconds) {
  for (const stop of stops) stop();
  stops = [
    after((seconds - WARN_SECONDS) * 1_000, () => {
      one('[data-said]', region).textContent = '';
      one('[data-warning]', region).hidden = false;
    }),
    after(seconds * 1_000 + PATIENCE_MS, look),
  ];
  one('[data-more-time]', region).onclick = async (event) => {
    event.preventDefault();
    const seconds = await extend(event.currentTarget);
    if (seconds === null) return;
    one('[data-warning]', region).hidden = true;
    one('[data-said]', region).textContent = region.dataset.given;
    watch(region, seconds);
  };
}

/** How many seconds are left now; null when the payment has moved on instead, which is then shown, or nobody answered. */
async function extend(button) {
  const { form, formAction } = button;
  // What is typed stays here: only which prompt is meant is sent.
  const body = new URLSearchParams(['prompt', 'nonce'].map((name) => [name, one(`[name=${name}]`, form).value]));
  try {
    const answer = await fetch(formAction, { method: 'POST', body });
    const text = await answer.text();
    const [, state = '', seconds = ''] = /data-state="([^"]*)".*data-expires-in="(\d+)"/s.exec(text) ?? [];
    const isSame = promptOf(state) === promptOf(shown().dataset.state);
    if (isSame && Number(seconds) > WARN_SECONDS) {
      shown().dataset.state = state;
      return Number(seconds);
    }
    show(text);
  } catch {
    // The server is away for a moment: the button is still there.
  }
  return null;
}
