import type { Counter } from '../../src/contracts/channel.js';
import type { Answers, Exchange } from './answers.js';
import { LINK_PROMPT, linkPage } from './pages/link.js';
import type { WebPorts } from './ports.js';
import { fieldsOf, isFromElsewhere, queryOf } from './requests.js';

type Refusal = Extract<Awaited<ReturnType<Counter['enter']>>, { refused: string }>['refused'];

const STATUSES = { mistyped: 422, unknown: 422, too_many: 429 } as const satisfies Record<Refusal, number>;

/** As long as an address is counted, and as the page says. */
const RETRY_AFTER_SECONDS = 600;

/** `/link`: from the code on a bill, a television or the phone to the payment page. */
export function createLink(ports: WebPorts, answers: Answers) {
  const { origin } = new URL(ports.publicUrl);

  /** The code may come with the address, from a QR code on a screen: filled in, for the payer to compare and send. */
  function show(exchange: Exchange): void {
    const given = queryOf(exchange.request, 'code') ?? '';
    const code = /^\d{1,12}$/.test(given) ? given : '';
    const path = code === '' ? '/link' : `/link?code=${code}`;
    answers.plain(exchange, 200, path, (view) => linkPage(view, null, code));
  }

  function showAgain(exchange: Exchange, status: number, problem: string, typed: string): void {
    answers.plain(exchange, status, '/link', (view) => linkPage(view, problem, typed));
  }

  async function enter(exchange: Exchange): Promise<void> {
    const { request, response } = exchange;
    if (isFromElsewhere(request, origin)) return answers.problem(exchange, 403, 'refused');
    const fields = fieldsOf(request);
    const typed = fields('code').slice(0, 30);
    const device = answers.deviceOf(request);
    const isOurs =
      device !== null && ports.signing.isFormNonce({ token: '', prompt: LINK_PROMPT, device }, fields('nonce'));
    if (!isOurs) return showAgain(exchange, 409, 'form.outdated', typed);
    const entered = await ports.counter.enter(typed, request.ip ?? '');
    if ('token' in entered) return answers.toPayment(response, entered.token);
    if (entered.refused === 'too_many') response.setHeader('Retry-After', String(RETRY_AFTER_SECONDS));
    showAgain(exchange, STATUSES[entered.refused], `link.${entered.refused}`, typed);
  }

  return { show, enter };
}
