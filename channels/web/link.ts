import type { Counter } from '../../src/contracts/channel.js';
import type { Answers, Exchange } from './answers.js';
import { LINK_PROMPT, linkPage } from './pages/link.js';
import type { WebPorts } from './ports.js';
import { fieldsOf, isFromElsewhere } from './requests.js';

type Refusal = Extract<Awaited<ReturnType<Counter['enter']>>, { refused: string }>['refused'];

const STATUSES = { mistyped: 422, unknown: 422, too_many: 429 } as const satisfies Record<Refusal, number>;

/** `/link`: from the code on a bill, a television or the phone to the payment page. */
export function createLink(ports: WebPorts, answers: Answers) {
  const { origin } = new URL(ports.publicUrl);

  function show(exchange: Exchange, status = 200, problem: string | null = null, typed = ''): void {
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
    if (!isOurs) return show(exchange, 409, 'form.outdated', typed);
    const entered = await ports.counter.enter(typed, request.ip ?? '');
    if ('refused' in entered) return show(exchange, STATUSES[entered.refused], `link.${entered.refused}`, typed);
    answers.toPayment(response, entered.token);
  }

  return { show, enter };
}
