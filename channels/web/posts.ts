import type { From, Taken, Visit } from '../../src/contracts/channel.js';
import type { Answers, Exchange } from './answers.js';
import { type Again, FRESH } from './pages/card.js';
import type { PaymentView } from './pages/page.js';
import type { WebPorts } from './ports.js';
import { browserOf, type Fields, fieldsOf, isFromElsewhere } from './requests.js';
import { pageOf } from './show.js';

/** A form of the page that was posted by the page itself, on the device it was given to. */
export interface Post {
  readonly token: string;
  readonly visit: Visit;
  readonly prompt: string;
  readonly fields: Fields;
  readonly from: From;
}

/** What a form does. What it may show again is read from it only when it was not taken. */
export interface Form {
  /** The prompt its nonce is bound to; null for the payment's open one. */
  readonly prompt: string | null;
  take(post: Post): Promise<Taken>;
  again?(fields: Fields): Partial<Again>;
}

export function createPosts(ports: WebPorts, answers: Answers) {
  const { counter } = ports;
  const { origin } = new URL(ports.publicUrl);

  /** The same page once more, with what was typed and why it was not taken. */
  function showAgain(exchange: Exchange, status: number, view: PaymentView, again: Partial<Again>): void {
    answers.payment(exchange, status, view, pageOf(view, { ...FRESH, ...again }));
  }

  /** Ends every honest post on a page of our own: with 303 when it was taken or stale, at once when the payer must mend it. */
  async function take(exchange: Exchange, token: string, form: Form): Promise<void> {
    const { request } = exchange;
    if (isFromElsewhere(request, origin)) return answers.problem(exchange, 403, 'refused');
    const device = answers.deviceOf(request);
    const visit = await counter.visit(token, device);
    if (visit === null) return answers.problem(exchange, 404, 'not_found');
    const fields = fieldsOf(request);
    const prompt = form.prompt ?? fields('prompt');
    const isStale = form.prompt === null && prompt !== visit.prompt?.id;
    if (isStale) return answers.toPayment(exchange.response, token);
    const isOurs = device !== null && ports.signing.isFormNonce({ token, prompt, device }, fields('nonce'));
    const typed = (): Partial<Again> => form.again?.(fields) ?? {};
    if (device === null || !isOurs) {
      const view = answers.view(exchange, token, visit);
      return showAgain(exchange, 409, view, { ...typed(), notice: 'form.outdated' });
    }
    const address = request.ip ?? '';
    const from: From = { channel: 'web', device, browser: browserOf(request, fields), address };
    const taken = await form.take({ token, visit, prompt, fields, from });
    if (taken.taken || taken.because === 'stale') return answers.toPayment(exchange.response, token);
    // A code that was tried may be used up: what comes back is what is true now.
    const view = answers.view(exchange, token, (await counter.visit(token, device)) ?? visit);
    if (taken.because === 'too_many')
      return showAgain(exchange, 429, view, { ...typed(), notice: taken.message ?? 'form.too_many' });
    if (taken.because === 'unavailable')
      return showAgain(exchange, 503, view, { ...typed(), notice: taken.message ?? 'form.unavailable' });
    showAgain(exchange, 422, view, { ...typed(), problems: taken.problems });
  }

  return { take };
}
