// Everything is listened for; now the page that has come begins.

import { one, startPage } from './page.js';

/** A second click while a form is on its way does nothing; the server would not mind, but the payer might. */
document.addEventListener('submit', (event) => {
  const { target: form, submitter } = event;
  if (event.defaultPrevented || !form.matches('[data-once]')) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = 'yes';
  submitter?.setAttribute('aria-disabled', 'true');
});

one('[data-focus]')?.focus();
startPage();
