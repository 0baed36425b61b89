import { type Html, html, linkable, ourOwn, textOf } from '../../contracts/html.js';
import type { Action, Fact, Letter, Support } from './letter.js';

/**
 * The letter as HTML that needs nothing from elsewhere: no picture, no script, no font. Styles stand on the elements,
 * because some mail programs drop style sheets; what those may do without, the dark colours, is in one.
 */
export function htmlBody(letter: Letter): string {
  const { language, subject, test, sender, accent, title, texts, code, action, facts, support, closing } = letter;
  const page = html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<meta name="format-detection" content="telephone=no, date=no, address=no, email=no">
<title>${subject}</title>
<style>${ourOwn(DARK)}</style>
</head>
<body class="ground" style="${GROUND}">
<div style="${COLUMN}">
${test !== null && html`<p class="test" style="${TEST}">${test}</p>`}
<div class="paper" style="${PAPER}border-top:4px solid ${accent};">
<p class="quiet" style="${SENDER}">${sender}</p>
<h1 style="${TITLE}">${title}</h1>
${texts.map((text) => html`<p style="${TEXT}">${text}</p>\n`)}${code !== null && html`<p style="${CODE}">${code.digits}</p>\n<p style="${TEXT}">${code.note}</p>\n`}${action !== null && actionOf(action, accent)}${factsOf(facts)}${support !== null && supportOf(support)}</div>
${closing.map((text) => html`<p class="quiet" style="${SMALL}">${text}</p>\n`)}</div>
</body>
</html>
`;
  return textOf(page);
}

function actionOf({ label, url, note }: Action, accent: string): Html {
  return html`<p style="${BUTTON_LINE}"><a href="${linkable(url)}" style="${BUTTON}background:${accent};border:1px solid ${accent};">${label}</a></p>
<p class="quiet" style="${NOTE}">${note}</p>
`;
}

function factsOf(facts: readonly Fact[]): Html | null {
  if (facts.length === 0) return null;
  const rows = facts.map(
    ({ label, value }) =>
      html`<dt class="quiet" style="${LABEL}">${label}</dt><dd class="line" style="${VALUE}">${value}</dd>\n`,
  );
  return html`<dl class="line" style="${FACTS}">
${rows}</dl>
`;
}

function supportOf({ text, email, phone, url }: Support): Html {
  const contacts = [
    email === null
      ? null
      : html`<a class="link" href="mailto:${encodeURIComponent(email)}" style="${LINK}">${email}</a>`,
    phone === null
      ? null
      : html`<a class="link" href="tel:${phone.replace(/[^+\d]/g, '')}" style="${LINK}">${phone}</a>`,
    linkable(url) === null ? null : html`<a class="link" href="${linkable(url)}" style="${LINK}">${url}</a>`,
  ].filter((contact) => contact !== null);
  return html`<p style="${TEXT}">${text}${contacts.map((contact) => html`<br>${contact}`)}</p>
`;
}

const FONT = 'font-family:-apple-system,BlinkMacSystemFont,Segoe UI,Roboto,Helvetica,Arial,sans-serif;';
/** Long words, such as references, may break anywhere rather than widen a phone's page. */
const BREAKS = 'overflow-wrap:anywhere;word-break:break-word;';
const GROUND = `margin:0;padding:0;background:#f2f4f7;color:#17212b;${FONT}font-size:16px;line-height:1.5;-webkit-text-size-adjust:100%;`;
const COLUMN = 'max-width:560px;margin:0 auto;padding:16px 12px 32px;';
const PAPER = 'background:#ffffff;border-radius:8px;padding:20px 20px 12px;';
const TEST = 'margin:0 0 12px;padding:8px 12px;border-radius:8px;background:#fff3c4;color:#5a3d00;font-weight:600;';
const SENDER = `margin:0 0 4px;color:#52606d;font-weight:600;${BREAKS}`;
const TITLE = `margin:0 0 12px;font-size:24px;line-height:1.25;font-weight:700;${BREAKS}`;
const TEXT = `margin:0 0 16px;${BREAKS}`;
const CODE =
  'margin:0 0 16px;font-size:34px;line-height:1.2;font-weight:700;letter-spacing:6px;font-variant-numeric:tabular-nums;';
const BUTTON_LINE = 'margin:4px 0 12px;';
const BUTTON =
  'display:inline-block;padding:13px 24px;border-radius:8px;color:#ffffff;font-weight:600;text-decoration:none;line-height:1.25;';
const NOTE = 'margin:0 0 16px;color:#52606d;font-size:14px;';
const FACTS = 'margin:4px 0 16px;padding:0;border-top:1px solid #d9dfe6;';
const LABEL = 'margin:10px 0 0;color:#52606d;font-size:14px;';
const VALUE = `margin:0;padding:0 0 10px;border-bottom:1px solid #d9dfe6;font-weight:500;${BREAKS}`;
const LINK = 'color:#0b57a4;';
const SMALL = `margin:12px 8px 0;color:#52606d;font-size:13px;${BREAKS}`;

const DARK = `:root{color-scheme:light dark;supported-color-schemes:light dark}
@media (prefers-color-scheme:dark){
.ground{background:#0f1419!important;color:#e8edf2!important}
.paper{background:#1a222b!important}
.quiet{color:#a9b5c1!important}
.line{border-color:#33404d!important}
.link{color:#8fc2ff!important}
.test{background:#4a3a08!important;color:#ffe9a8!important}
}`;
