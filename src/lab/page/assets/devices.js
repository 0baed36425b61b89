// The telephone and the handset: keys and buttons without leaving the page, new lines added as they come so that a screen
// reader hears each once, and said aloud where the browser can.
const LOOK_EVERY_MS = 500;
const devices = document.querySelector('.devices');
const voice = 'speechSynthesis' in window ? window.speechSynthesis : null;
const find = (selector) => devices.querySelector(selector);
let looking = Promise.resolve();

async function look() {
  if (document.hidden || find('.keypad') === null) return;
  try {
    const number = encodeURIComponent(find('.holder input').defaultValue);
    const answer = await fetch(`/lab/devices?number=${number}`);
    if (answer.ok) take(new DOMParser().parseFromString(await answer.text(), 'text/html'));
  } catch {
    // The page itself says that the server is away.
  }
}

const lookSoon = () => {
  looking = looking.then(look);
  return looking;
};

function take(fresh) {
  if (fresh.querySelector('.keypad') === null) return;
  for (const part of fresh.querySelectorAll('[data-device]'))
    renew(find(`[data-device="${part.dataset.device}"]`), part);
  for (const log of fresh.querySelectorAll('[data-device-log]')) append(find(`.${log.className}`), log);
  const keypad = fresh.querySelector('.keypad');
  find('.keypad').dataset.state = keypad.dataset.state;
  find('.keypad').dataset.secret = keypad.dataset.secret;
  find('.keypad [name="sid"]').value = keypad.querySelector('[name="sid"]').value;
  for (const id of ['call', 'pick-up', 'hang-up']) {
    const isOff = fresh.getElementById(id).getAttribute('aria-disabled') === 'true';
    if (isOff) document.getElementById(id).setAttribute('aria-disabled', 'true');
    else document.getElementById(id).removeAttribute('aria-disabled');
  }
}

/** A form keeps its button, which may have the focus; anything else is swapped when it has changed. */
function renew(part, fresh) {
  if (part.matches('form')) {
    part.querySelector('[name="sid"]').value = fresh.querySelector('[name="sid"]').value;
    return;
  }
  if (part.innerHTML === fresh.innerHTML) return;
  const isOpen = part.querySelector('details')?.open === true;
  const hasFocus = part.contains(document.activeElement);
  part.innerHTML = fresh.innerHTML;
  const details = part.querySelector('details');
  if (details === null) return;
  details.open = isOpen;
  if (hasFocus) details.querySelector('summary').focus();
}

function append(list, fresh) {
  if (list.dataset.deviceLog !== fresh.dataset.deviceLog) {
    list.dataset.deviceLog = fresh.dataset.deviceLog;
    list.replaceChildren();
    voice?.cancel();
  }
  const known = new Set([...list.children].map(({ dataset }) => dataset.line));
  for (const line of [...fresh.children]) {
    if (known.has(line.dataset.line)) continue;
    list.append(line);
    heard(line);
  }
  if (known.size < list.children.length) list.scrollTop = list.scrollHeight;
}

function heard({ dataset, lastElementChild: said }) {
  if (dataset.by !== 'voice') find('.keyed').textContent = '';
  if (dataset.by !== 'voice' || voice === null || !document.getElementById('aloud').checked) return;
  const words = new SpeechSynthesisUtterance(said.textContent);
  words.lang = said.lang;
  voice.speak(words);
}

async function send(form, fields) {
  const body = new URLSearchParams(new FormData(form));
  for (const [name, value] of fields) body.set(name, value);
  await fetch(form.action, { method: 'POST', headers: { accept: 'application/json' }, body });
  await lookSoon();
}

async function press(key) {
  const keypad = find('.keypad');
  voice?.cancel();
  if (keypad.dataset.state !== '' && keypad.dataset.state !== 'over') {
    find('.keyed').textContent += keypad.dataset.secret === 'yes' && key !== '#' ? '•' : key;
  }
  await send(keypad, [['key', key]]);
}

devices.addEventListener('submit', (event) => {
  const { target: form, submitter } = event;
  if (form.matches('.holder')) return;
  event.preventDefault();
  if (submitter?.getAttribute('aria-disabled') === 'true') return;
  if (form.matches('.keypad')) {
    void press(submitter.value);
    return;
  }
  void send(form, []);
  const reply = form.querySelector('#reply');
  if (reply !== null) reply.value = '';
});

devices.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || !/^[\d*#]$/.test(event.key)) return;
  if (event.target.closest('.keypad') !== null) void press(event.key);
});

if (voice !== null && find('.aloud') !== null) find('.aloud').hidden = false;
setInterval(lookSoon, LOOK_EVERY_MS);
