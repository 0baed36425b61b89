// A card that is being typed while somebody pays elsewhere: set aside, and back as it was if that comes to nothing.

import { onExchange, one } from './page.js';

/** The form as it stood, and the field its payer was in; nothing of it leaves the page, and nothing is left of it at the end. */
let aside = null;

onExchange((going, coming, focused) => {
  const left = one('#card', going);
  if (left !== null && hasTyped(left)) aside = { form: left, focused };
  if (aside === null) return '';
  // An outcome: nobody needs it any more.
  if (!('events' in coming.dataset)) aside = null;
  const form = one('#card', coming);
  const words = one('[data-set-aside]', coming);
  if (words !== null) words.hidden = false;
  return form === null ? '' : bringBack(form);
});

/** In the place of the empty form; what it answers is what is asked now. */
function bringBack(empty) {
  const { form, focused } = aside;
  aside = null;
  for (const name of ['prompt', 'nonce']) one(`[name=${name}]`, form).value = one(`[name=${name}]`, empty).value;
  delete form.dataset.sent;
  empty.replaceWith(form);
  return focused;
}

const hasTyped = (form) => [...form.querySelectorAll('input:not([type=hidden])')].some(isTyped);
const isTyped = ({ type, value, checked }) => (type === 'checkbox' ? checked : type !== 'radio' && value !== '');
