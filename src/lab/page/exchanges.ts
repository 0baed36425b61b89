import { type Html, html } from '../../contracts/html.js';
import type { Exchange as BankExchange } from '../acquirer/exchanges.js';
import type { Verdict } from '../shop/integration.js';
import type { Call, Heard } from '../shop/wire.js';

/** Every exchange as it went over the wire, folded to one line that can be opened. */

const VERDICTS: Readonly<Record<Verdict, string>> = {
  accepted: 'signature right',
  repeated: 'signature right, heard before',
  unsigned: 'no signature',
  forged: 'signature wrong: refused',
  late: 'signed too long ago: refused',
  unreadable: 'not readable: refused',
};

const AS_CURL = 'as curl';

export function callOf(call: Call): Html {
  const path = new URL(call.url).pathname;
  const status = call.status === null ? 'no answer' : String(call.status);
  return exchange(`call-${call.at}-${path}`, call.at, `${call.method} ${path}`, status, isFine(call.status), [
    [AS_CURL, curlOf(call)],
    [`answer ${status}`, pretty(call.answer)],
  ]);
}

export function webhookOf(heard: Heard): Html {
  const type = /"type":"([\w.]+)"/.exec(heard.body)?.[1] ?? 'webhook';
  const headers = Object.entries(heard.headers).map(([name, value]) => `${name}: ${value}`);
  const isRight = heard.verdict === 'accepted' || heard.verdict === 'repeated';
  return exchange(
    `hook-${heard.headers['webhook-id']}-${heard.at}`,
    heard.at,
    type,
    `${VERDICTS[heard.verdict]}, answered ${heard.status}`,
    isRight,
    [
      ['headers', headers.join('\n')],
      ['body, as it was signed', heard.body],
    ],
  );
}

export function bankExchangeOf({ at, method, path, request, status, answer }: BankExchange): Html {
  const words = status === null ? 'no answer: cut or held back' : String(status);
  return exchange(`bank-${at}-${method}-${path}`, at, `${method} ${path}`, words, isFine(status), [
    ...(request === null ? [] : [['request', pretty(request)] as const]),
    [status === null ? 'what the line did' : `answer ${status}`, pretty(answer)],
  ]);
}

function exchange(
  key: string,
  at: number,
  what: string,
  result: string,
  isRight: boolean,
  parts: readonly (readonly [string, string])[],
): Html {
  return html`<details data-key="${key}"><summary>${clockTime(at)} <code>${what}</code> <span class="${isRight ? 'right' : 'wrong'}">${result}</span></summary>
    ${parts.map(([title, text]) => html`<h4>${title}</h4><pre${title === AS_CURL ? html` class="command"` : null}>${text}</pre>`)}</details>`;
}

/** The call as a line for the terminal: it can be copied and does the same. */
export function curlOf({ method, url, headers, body }: Call): string {
  const lines = [`curl ${method === 'GET' ? '' : `-X ${method} `}${quoted(url)}`];
  for (const [name, value] of Object.entries(headers)) lines.push(`  -H ${quoted(`${name}: ${value}`)}`);
  if (body !== null) lines.push(`  -d ${quoted(body)}`);
  return lines.join(' \\\n');
}

/** In single quotes for a shell, whatever is in it. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function pretty(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value, null, 2) ?? '';
  try {
    return JSON.stringify(JSON.parse(value), null, 2);
  } catch {
    return value;
  }
}

function isFine(status: number | null): boolean {
  return status !== null && status < 400;
}

/** `14:03:12.345`, UTC, so that all columns can be compared. */
export function clockTime(at: number): Html {
  const text = new Date(at).toISOString();
  return html`<time datetime="${text}">${text.slice(11, 23)}</time>`;
}
