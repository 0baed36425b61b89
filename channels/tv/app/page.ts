import { type Html, html, ourOwn } from '../../../src/contracts/html.js';
import type { TvKey } from '../../../src/contracts/television.js';
import { TV_APP } from '../../catalogue/tv_app.js';
import type { AppFiles } from './files.js';

interface AppPage {
  /** Empty where there is none. */
  readonly session: string;
  readonly keys: Readonly<Record<string, TvKey>>;
  readonly app: AppFiles;
}

const DOCTYPE = ourOwn(
  '<!DOCTYPE html PUBLIC "-//HbbTV//1.1.1//EN" "http://www.hbbtv.org/dtd/HbbTV-1.1.1.dtd">\n<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="fr" lang="fr">',
);

/** In both languages: which one is spoken is known with the first screen. */
const WORDS = {
  fr: wordsOf('fr'),
  en: wordsOf('en'),
};

/** To the telephone, beside the picture. */
const WAYS = ['address', 'code', 'telephone'] as const;

function wordsOf(language: 'fr' | 'en'): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(TV_APP).map(([key, wording]) => [key, wording[language]]));
}

/** The one page: the places that the script fills, and nothing that it must make again and again. */
export function appPage({ session, keys, app }: AppPage): Html {
  return html`${DOCTYPE}
<head>
<meta http-equiv="content-type" content="application/vnd.hbbtv.xhtml+xml; charset=utf-8" />
<title>Guichet</title>
<link rel="stylesheet" type="text/css" href="${app.style.path}" />
</head>
<body data-session="${session}" data-keys="${JSON.stringify(keys)}" data-words="${JSON.stringify(WORDS)}">
<object id="applicationManager" aria-hidden="true" type="application/oipfApplicationManager"></object>
<div id="glass"${session === '' && html` class="alone"`}>
<div id="head" role="banner">
<p id="merchant"></p>
<p id="amount"></p>
</div>
<div id="main" role="main">
${session === '' ? nothingToPay() : html`<h1 id="title" tabindex="-1">…</h1><p id="text"></p>`}
<div id="ways">${WAYS.map((way) => html`<p class="name" id="${way}-name"></p><p class="way" id="${way}"></p>`)}</div>
<div id="entry" role="status" tabindex="-1"></div>
<div id="options" role="group"></div>
<div id="handover"><img id="qr" alt="" /></div>
</div>
<div id="foot" role="contentinfo"><p id="hints">${session === '' && html`${WORDS.fr['leave']} · <span lang="en" xml:lang="en">${WORDS.en['leave']}</span>`}</p><p id="time"></p></div>
<p id="busy" role="status"></p>
<p id="away" role="alert"></p>
</div>
<p id="speech" role="status" aria-live="polite"></p>
<script type="text/javascript" src="${app.script.path}"></script>
</body>
</html>
`;
}

/** The shell: whoever comes without a session is told so, in both languages. */
function nothingToPay(): Html {
  const { fr, en } = WORDS;
  return html`<h1 id="title" tabindex="-1">${fr['nothing']}</h1><p id="text">${fr['nothing_how']}</p>
<div class="second" lang="en" xml:lang="en"><p class="title">${en['nothing']}</p><p>${en['nothing_how']}</p></div>`;
}
