// What the payment page does better with scripts. Without this file everything works, by forms and links.
// It speaks to our own server only, keeps no card data and writes none anywhere.

const WARN_SECONDS = 120;
const DEVICE_CHECK_MS = 10_000;
const RETURN_MS = 5_000;
const ASK_AGAIN_MS = 10_000;
const DIGITS_FOR_BRAND = 8;

const here = location.pathname;
const one = (selector, root = document) => root.querySelector(selector);
const each = (selector, action) => document.querySelectorAll(selector).forEach(action);

describeBrowser();
sendOnce();
one('[data-focus]')?.focus();
followEvents();
watchTime();
checkDevice();
goToChallenge();
offerBrands();
leaveByItself();

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

/** A second click while a form is on its way does nothing; the server would not mind, but the payer might. */
function sendOnce() {
  each('form[data-once]', (form) => {
    form.addEventListener('submit', (event) => {
      if (form.dataset.sent) event.preventDefault();
      form.dataset.sent = 'yes';
      one('button', form)?.setAttribute('aria-disabled', 'true');
    });
  });
  addEventListener('pageshow', (event) => {
    // Back from the browser's memory: what it shows may be long over.
    if (event.persisted) location.replace(here);
  });
}

/** Waits until the payment is no longer what the page shows, then shows what is. */
function followEvents() {
  const address = document.body.dataset.events;
  if (!address) return;
  const look = () => location.replace(here);
  if (!('EventSource' in window)) {
    setTimeout(look, ASK_AGAIN_MS);
    return;
  }
  const stream = new EventSource(address);
  stream.addEventListener('changed', () => {
    stream.close();
    look();
  });
  stream.addEventListener('error', () => {
    if (stream.readyState === EventSource.CLOSED) setTimeout(look, ASK_AGAIN_MS);
  });
}

/** Says so two minutes before the page closes, and gets more time without losing what was typed. */
function watchTime() {
  const region = one('[data-time]');
  if (!region) return;
  const warning = one('[data-warning]', region);
  const form = one('form', region);
  let timer = 0;
  const start = (seconds) => {
    clearTimeout(timer);
    // Browsers count a longer wait as none; nobody keeps a page open for 24 days.
    const wait = Math.min((seconds - WARN_SECONDS) * 1_000, 2 ** 31 - 1);
    timer = setTimeout(() => {
      one('[data-said]', region).textContent = '';
      warning.hidden = false;
    }, wait);
  };
  start(Number(region.dataset.expiresIn));
  form.addEventListener('submit', async (event) => {
    if (event.defaultPrevented) return;
    event.preventDefault();
    try {
      const answer = await fetch(form.action, { method: 'POST', body: new URLSearchParams(new FormData(form)) });
      const [, seconds = 0] = /data-expires-in="(\d+)"/.exec(await answer.text()) ?? [];
      if (Number(seconds) <= WARN_SECONDS) return location.replace(here);
      warning.hidden = true;
      one('[data-said]', region).textContent = region.dataset.given;
      delete form.dataset.sent;
      one('button', form).removeAttribute('aria-disabled');
      start(Number(seconds));
    } catch {
      location.replace(here);
    }
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
  addEventListener('message', ({ origin, data }) => {
    if (origin === location.origin && data === 'device-checked') goOn('Y');
  });
  setTimeout(goOn, DEVICE_CHECK_MS, 'N');
  check.submit();
}

/** Goes to the issuer once by itself; who comes back, by the back button or unfinished, finds the button. */
function goToChallenge() {
  const form = one('[data-challenge]');
  if (!form) return;
  const key = `challenge ${one('[name=creq]', form).value}`;
  try {
    if (sessionStorage.getItem(key)) return;
    sessionStorage.setItem(key, 'shown');
  } catch {
    // No storage, so nobody could tell whether it was shown before: the button does it.
    return;
  }
  form.requestSubmit();
}

/** Shows the brands of a co-badged card as soon as its first digits tell. */
function offerBrands() {
  const form = one('[data-card]');
  if (!form) return;
  const number = one('#number', form);
  const field = one('[data-brands]', form);
  const names = { cb: 'CB', visa: 'Visa', mastercard: 'Mastercard', maestro: 'Maestro' };
  let asked = '';
  number.addEventListener('input', async () => {
    const digits = number.value.replace(/\D/g, '').slice(0, DIGITS_FOR_BRAND);
    if (digits === asked) return;
    asked = digits;
    if (digits.length < DIGITS_FOR_BRAND) {
      show([]);
      return;
    }
    try {
      const answer = await fetch(form.dataset.card, { method: 'POST', body: new URLSearchParams({ digits }) });
      const { brands } = await answer.json();
      if (digits === asked) show(brands);
    } catch {
      // The answer to the form asks for the brand if it is needed.
    }
  });

  function show(brands) {
    const choices = one('[data-choices]', field);
    const before = one('input:checked', choices)?.value;
    field.hidden = brands.length < 2;
    const chosen = brands.includes(before) ? before : brands[0];
    choices.replaceChildren(...(field.hidden ? [] : brands.map((brand) => choice(brand, brand === chosen))));
  }

  function choice(brand, isChosen) {
    const label = document.createElement('label');
    label.className = 'choice';
    const input = document.createElement('input');
    Object.assign(input, { type: 'radio', name: 'brand', value: brand, checked: isChosen });
    label.append(input, ` ${names[brand] ?? brand}`);
    return label;
  }
}

/** Back to the merchant after a moment, unless the payer would rather stay. By script, never by redirecting a post. */
function leaveByItself() {
  const link = one('[data-return]');
  const region = one('[data-returning]');
  if (!link || !region) return;
  region.hidden = false;
  const timer = setTimeout(() => location.assign(link.href), RETURN_MS);
  one('[data-stay]', region).addEventListener('click', () => {
    clearTimeout(timer);
    region.hidden = true;
    link.focus();
  });
}
