// Steps that go on by themselves: the device check, the way to the issuer, the way back to the merchant.

import { after, each, lifetime, onEachPage, one } from './page.js';

const DEVICE_CHECK_MS = 10_000;
const RETURN_MS = 5_000;

onEachPage(describeBrowser);
onEachPage(checkDevice);
onEachPage(goToChallenge);
onEachPage(leaveByItself);

/** What the issuer wants to know of the browser (EMV 3-D Secure 2.2, browser data). */
function describeBrowser() {
  const values = {
    script: 'yes',
    language: navigator.language.slice(0, 8),
    color_depth: screen.colorDepth,
    screen_height: screen.height,
    screen_width: screen.width,
    timezone_offset: new Date().getTimezoneOffset(),
  };
  each('[data-browser]', (input) => {
    input.value = String(values[input.dataset.browser] ?? '');
  });
}

/** Lets the issuer look at the device in a hidden frame, for ten seconds at most, and goes on. */
function checkDevice() {
  const check = one('[data-device-check]');
  const done = one('[data-device-checked]');
  if (!check || !done) return;
  const goOn = (completed) => {
    if (done.dataset.sent) return;
    one('[name=completed]', done).value = completed;
    done.requestSubmit();
  };
  addEventListener(
    'message',
    ({ origin, data }) => {
      if (origin === location.origin && data === 'device-checked') goOn('Y');
    },
    { signal: lifetime().signal },
  );
  after(DEVICE_CHECK_MS, () => goOn('N'));
  check.submit();
}

/** Goes to the issuer once by itself; who comes back, by the back button or unfinished, finds the button. */
function goToChallenge() {
  const form = one('[data-challenge]');
  if (form && isFirstTime(`challenge ${one('[name=creq]', form).value}`)) form.requestSubmit();
}

/** Back to the merchant after a moment, unless the payer would rather stay; who comes back here then stays. */
function leaveByItself() {
  const link = one('[data-return]');
  const region = one('[data-returning]');
  if (!link || !region || !isFirstTime(`return ${location.pathname}`)) return;
  region.hidden = false;
  const stop = after(RETURN_MS, () => location.assign(link.href));
  one('[data-stay]', region).addEventListener('click', () => {
    stop();
    region.hidden = true;
    link.focus();
  });
}

/** True once in this tab. Without storage nobody could tell, and the button or the link does it. */
function isFirstTime(key) {
  try {
    if (sessionStorage.getItem(key)) return false;
    sessionStorage.setItem(key, 'shown');
    return true;
  } catch {
    return false;
  }
}
