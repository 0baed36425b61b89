// Suggests while one types, and copies what stands in a box. Everything works without it.
const input = document.querySelector('#q');
const form = input.form;
const list = document.createElement('ul');
list.id = 'suggestions';
list.setAttribute('role', 'listbox');
list.setAttribute('aria-label', 'Suggestions');
list.hidden = true;
form.append(list);
for (const [name, value] of [
  ['role', 'combobox'],
  ['aria-controls', list.id],
  ['aria-autocomplete', 'list'],
  ['aria-expanded', 'false'],
]) {
  input.setAttribute(name, value);
}

let asking = new AbortController();
let chosen = -1;

function show(hits) {
  chosen = -1;
  input.removeAttribute('aria-activedescendant');
  list.replaceChildren(
    ...hits.map(({ href, title, page }, index) => {
      const item = document.createElement('li');
      item.id = `suggestion-${index}`;
      item.setAttribute('role', 'option');
      item.dataset.href = href;
      item.append(title);
      if (page !== title) {
        const where = document.createElement('span');
        where.className = 'where';
        where.append(` ${page}`);
        item.append(where);
      }
      return item;
    }),
  );
  list.hidden = hits.length === 0;
  input.setAttribute('aria-expanded', String(hits.length > 0));
}

function choose(index) {
  const items = [...list.children];
  chosen = (index + items.length + 1) % (items.length + 1);
  if (chosen === items.length) chosen = -1;
  for (const [at, item] of items.entries()) item.setAttribute('aria-selected', String(at === chosen));
  const item = items[chosen];
  if (item === undefined) input.removeAttribute('aria-activedescendant');
  else {
    input.setAttribute('aria-activedescendant', item.id);
    item.scrollIntoView({ block: 'nearest' });
  }
}

input.addEventListener('input', async () => {
  asking.abort();
  asking = new AbortController();
  if (input.value.trim() === '') return show([]);
  try {
    const answer = await fetch(`/docs/search.json?q=${encodeURIComponent(input.value)}`, { signal: asking.signal });
    if (answer.ok) show((await answer.json()).hits);
  } catch {
    // Something newer was typed, or the network is away: the form still works.
  }
});

input.addEventListener('keydown', (event) => {
  if (list.hidden) return;
  if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
    event.preventDefault();
    choose(chosen + (event.key === 'ArrowDown' ? 1 : -1));
  } else if (event.key === 'Escape') {
    event.preventDefault();
    show([]);
  } else if (event.key === 'Enter' && chosen !== -1) {
    event.preventDefault();
    location.assign(list.children[chosen].dataset.href);
    show([]);
  }
});

list.addEventListener('pointerdown', (event) => {
  const item = event.target.closest('[role=option]');
  if (item === null) return;
  event.preventDefault();
  location.assign(item.dataset.href);
  show([]);
});

input.addEventListener('blur', () => show([]));

document.addEventListener('keydown', (event) => {
  const isTyping = event.target.closest('input, textarea, select') !== null;
  if (event.key !== '/' || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  input.focus();
});

if (navigator.clipboard !== undefined) {
  const said = document.createElement('p');
  said.className = 'unseen';
  said.setAttribute('role', 'status');
  document.body.append(said);
  for (const figure of document.querySelectorAll('figure.code')) {
    const button = document.createElement('button');
    button.type = 'button';
    button.append('Copy');
    button.addEventListener('click', async () => {
      const done = await navigator.clipboard.writeText(figure.querySelector('pre').textContent).then(
        () => true,
        () => false,
      );
      button.textContent = done ? 'Copied' : 'Not allowed';
      said.textContent = done ? 'Copied to the clipboard.' : 'The browser does not allow copying.';
    });
    figure.querySelector('figcaption').append(button);
  }
}
