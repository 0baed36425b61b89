// The card form: the brand while typing, and what is wrong before it is sent.

import { expiryProblem, numberProblem, securityCodeProblem } from './checks.js';
import { onEachPage, one, shown } from './page.js';
import { digitsOf, groupAsTyped } from './typing.js';

/** What the server said of the digits asked about; of a card in hand it need not be asked. */
let known = { asked: '', rules: null };

onEachPage(() => {
  known = { asked: '', rules: null };
  const number = one('#number');
  if (number === null) return;
  // What the server gave back, or the browser has filled in before we came.
  groupAsTyped(number);
  recognise(number);
});

document.addEventListener('input', (event) => {
  const { target, inputType, isComposing } = event;
  if (target.id === 'number' && !isComposing) {
    groupAsTyped(target, inputType);
    recognise(target);
  }
  const isMended = target.matches('[aria-invalid][data-words]') && problemOf(target) === null;
  if (isMended) clear(target);
});

/** While a finger is down nothing may move from under it: what is found meanwhile is said when it is up again. */
let isPressed = false;
let postponed = () => undefined;
addEventListener('pointerdown', () => {
  isPressed = true;
});
for (const end of ['pointerup', 'pointercancel']) {
  addEventListener(end, () => {
    isPressed = false;
    // The click comes right behind, and before any timer.
    setTimeout(() => {
      postponed();
      postponed = () => undefined;
    });
  });
}

document.addEventListener('focusout', ({ target, relatedTarget }) => {
  // On the way to a button the form is checked as a whole.
  const isLeaving = relatedTarget === null || relatedTarget.matches('button, a');
  if (isLeaving || !target.matches('[data-check] [data-words]') || target.value === '') return;
  const check = () => {
    const problem = problemOf(target);
    if (problem === null) clear(target);
    else mark(target, problem);
  };
  if (isPressed) postponed = check;
  else check();
});

document.addEventListener('submit', (event) => {
  const { target: form, submitter } = event;
  if (!form.matches('[data-check]') || submitter?.formNoValidate) return;
  const found = [...form.querySelectorAll('[data-words]')]
    .map((input) => ({ input, problem: problemOf(input) }))
    .filter(({ input, problem }) => {
      if (problem === null) clear(input);
      return problem !== null;
    });
  if (found.length === 0) return;
  event.preventDefault();
  for (const { input, problem } of found) mark(input, problem);
  summarise(form, found);
});

/** What is wrong with a field, in the server's words; null for nothing that we can see. */
function problemOf(input) {
  const { rules } = known;
  const name = {
    number: () => numberProblem(input.value, rules),
    expiry: () => expiryProblem(input.value, input.form.dataset.month),
    security_code: () => securityCodeProblem(input.value, rules?.securityCodeLength),
  }[input.id]();
  return name === null ? null : (JSON.parse(input.dataset.words)[name] ?? null);
}

/** The message beside its field, tied to it, as the server writes it. */
function mark(input, text) {
  const id = `${input.id}-problem`;
  let message = document.getElementById(id);
  if (message === null) {
    message = copyOf('[data-wrong]', input.form);
    message.id = id;
    (input.closest('.marked') ?? input).before(message);
  }
  one('[data-text]', message).textContent = text;
  input.setAttribute('aria-invalid', 'true');
  const others = describedBy(input).filter((name) => name !== id);
  input.setAttribute('aria-describedby', [...others, id].join(' '));
}

function clear(input) {
  const id = `${input.id}-problem`;
  document.getElementById(id)?.remove();
  input.removeAttribute('aria-invalid');
  const others = describedBy(input).filter((name) => name !== id);
  if (others.length === 0) input.removeAttribute('aria-describedby');
  else input.setAttribute('aria-describedby', others.join(' '));
}

const describedBy = (input) => (input.getAttribute('aria-describedby') ?? '').split(' ').filter(Boolean);

function summarise(form, found) {
  one('main .notice')?.remove();
  const summary = copyOf('[data-summary]', form);
  const links = found.map(({ input, problem }) => {
    const link = document.createElement('a');
    link.href = `#${input.id}`;
    link.textContent = problem;
    const item = document.createElement('li');
    item.append(link);
    return item;
  });
  one('ul', summary).replaceChildren(...links);
  one('main h1').before(summary);
  summary.focus();
}

const copyOf = (template, form) => one(template, form).content.firstElementChild.cloneNode(true);

/** Asks what the first digits tell, each time that they may tell more. */
async function recognise(number) {
  const digits = digitsOf(number.value);
  const asked = digits.slice(0, [8, 6, 4].find((count) => digits.length >= count) ?? 0);
  if (asked === known.asked) return;
  known = { asked, rules: asked.startsWith(known.asked) && known.asked !== '' ? known.rules : null };
  if (asked === '') return showBrands(null);
  try {
    const answer = await fetch(number.form.dataset.brandsAt, {
      method: 'POST',
      body: new URLSearchParams({ digits: asked }),
    });
    const rules = answer.ok ? await answer.json() : null;
    // Somebody has gone on typing, or the page has gone.
    if (asked !== known.asked || !shown().contains(number)) return;
    known = { asked, rules: rules?.brands.length > 0 ? rules : null };
    showBrands(known.rules);
  } catch {
    // The answer to the form asks for the brand if it is needed.
  }
}

function showBrands(rules) {
  const brands = rules?.brands ?? [];
  one('[data-marks]').replaceChildren(...brands.map(markOf));
  const said = one('[data-brand-said]');
  const names = brands.map(({ name }) => name).join(', ');
  said.textContent = names === '' ? '' : said.dataset.brandSaid.replace('{brand}', names);
  one('#security_code').maxLength = rules?.securityCodeLength ?? 4;
  const hints = JSON.parse(one('[data-code-hints]').dataset.codeHints);
  one('#security_code-hint').textContent = hints[rules?.securityCodeLength] ?? hints.any;
  offer(brands.length > 1 ? brands : []);
}

/** A co-badged card: the payer may choose, and the first one is the merchant's default. */
function offer(brands) {
  const field = one('[data-brands]');
  const choices = one('[data-choices]', field);
  const before = one('input:checked', choices)?.value;
  const chosen = brands.find(({ brand }) => brand === before) ?? brands[0];
  field.hidden = brands.length === 0;
  choices.replaceChildren(...brands.map((face) => choice(face, face === chosen)));
}

function choice(face, isChosen) {
  const label = document.createElement('label');
  label.className = 'choice';
  const input = document.createElement('input');
  Object.assign(input, { type: 'radio', name: 'brand', value: face.brand, checked: isChosen });
  if (isChosen) input.id = 'brand';
  label.append(input, ` ${face.name}`);
  return label;
}

function markOf({ brand, short }) {
  const sign = document.createElement('span');
  sign.className = `brand ${brand}`;
  sign.setAttribute('aria-hidden', 'true');
  sign.textContent = short;
  return sign;
}
