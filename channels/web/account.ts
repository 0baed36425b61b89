import type { AccountDesk, AccountVisit, From, Taken } from '../../src/contracts/channel.js';
import type { Answers, Exchange } from './answers.js';
import { type AccountAgain, accountPage, FIRST, promptOf } from './pages/account.js';
import type { AccountView } from './pages/page.js';
import type { WebPorts } from './ports.js';
import { browserOf, type Fields, fieldsOf, isFromElsewhere, queryOf } from './requests.js';

/** What a form of the account does, and what may be said when it is done. */
interface AccountForm {
  take(desk: AccountDesk, token: string, fields: Fields, from: From): Promise<Taken>;
  readonly said?: 'removed' | 'default';
}

/** The forms by the last part of their address. */
export const ACCOUNT_FORMS: Readonly<Record<string, AccountForm>> = {
  'send-code': { take: (desk, token, _, from) => desk.sendCode(token, from) },
  code: { take: (desk, token, fields, from) => desk.takeCode(token, fields('code'), from) },
  default: { take: (desk, token, fields, from) => desk.makeDefault(token, fields('card'), from), said: 'default' },
  remove: { take: (desk, token, fields, from) => desk.remove(token, fields('card'), from), said: 'removed' },
  'purchase-code': {
    take: (desk, token, fields, from) =>
      desk.setPurchaseCode(token, fields('purchase_code'), fields('purchase_code_again'), from),
  },
};

const SAID = { removed: 'account.said.removed', default: 'account.said.default' } as const;

/** `/account/{token}`: the payer's own account, by the link of a session. Works as the payment page does. */
export function createAccountPages(ports: WebPorts, answers: Answers) {
  const { account: desk, signing } = ports;
  const { origin } = new URL(ports.publicUrl);

  function answer(exchange: Exchange, status: number, view: AccountView, again: Partial<AccountAgain>): void {
    answers.account(exchange, status, view, accountPage(view, { ...FIRST, ...again }));
  }

  /** To the page of the payment that stores the card, where the link is for that. True when the payer was sent there. */
  function sentToPayment({ response }: Exchange, { purpose, payment }: AccountVisit): boolean {
    if (purpose !== 'add_instrument' || payment === null) return false;
    answers.toPayment(response, payment);
    return true;
  }

  async function show(exchange: Exchange, token: string): Promise<void> {
    const { request } = exchange;
    const visit = await desk.visit(token, answers.deviceOf(request));
    if (visit === null) return answers.problem(exchange, 404, 'account');
    if (sentToPayment(exchange, visit)) return;
    const said = queryOf(request, 'said');
    const again = {
      said: said === 'removed' || said === 'default' ? SAID[said] : null,
      removing: queryOf(request, 'remove'),
    };
    answer(exchange, 200, answers.accountView(exchange, token, visit), again);
  }

  /** Ends every honest post on a page of our own, as the payment page does. */
  async function take(exchange: Exchange, token: string, form: AccountForm, name: string): Promise<void> {
    const { request, response } = exchange;
    if (isFromElsewhere(request, origin)) return answers.problem(exchange, 403, 'refused');
    const device = answers.deviceOf(request);
    const visit = await desk.visit(token, device);
    if (visit === null) return answers.problem(exchange, 404, 'account');
    if (sentToPayment(exchange, visit)) return;
    const toAccount = (said?: string): void =>
      answers.seeOther(response, `/account/${token}${said === undefined ? '' : `?said=${said}`}`);
    const fields = fieldsOf(request);
    const view = answers.accountView(exchange, token, visit);
    const prompt = promptOf(name, view);
    if (fields('prompt') !== prompt) return toAccount();
    const isOurs = device !== null && signing.isFormNonce({ token, prompt, device }, fields('nonce'));
    if (device === null || !isOurs) return answer(exchange, 409, view, { notice: 'form.outdated' });
    const from: From = { channel: 'web', device, browser: browserOf(request, fields), address: request.ip ?? '' };
    const taken = await form.take(desk, token, fields, from);
    if (taken.taken) return toAccount(form.said);
    if (taken.because === 'stale') return toAccount();
    // Trying a code changes what the account shows: the form that comes back answers what is true now.
    const newest = await desk.visit(token, device);
    if (newest === null) return answers.problem(exchange, 404, 'account');
    const { status, again } = refusalOf(taken);
    answer(exchange, status, answers.accountView(exchange, token, newest), again);
  }

  const back = ({ response }: Exchange, token: string): void => answers.seeOther(response, `/account/${token}`);

  return { show, take, back };
}

type Refused = Exclude<Extract<Taken, { taken: false }>, { because: 'stale' }>;

function refusalOf(refused: Refused): { status: number; again: Partial<AccountAgain> } {
  switch (refused.because) {
    case 'too_many':
      return { status: 429, again: { notice: refused.message ?? 'form.too_many' } };
    case 'unavailable':
      return { status: 503, again: { notice: refused.message ?? 'form.unavailable' } };
    case 'invalid':
      return { status: 422, again: { problems: refused.problems } };
  }
}
