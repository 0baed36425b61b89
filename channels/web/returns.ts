import type { From } from '../../src/contracts/channel.js';
import type { Answers, Exchange } from './answers.js';
import { promptOf } from './pages/follow.js';
import { returnedPage } from './pages/returned.js';
import type { WebPorts } from './ports.js';
import { browserOf, fieldsOf } from './requests.js';

/** A challenge's result carries signatures and may be large; nothing in it is believed. */
export const RETURN_BYTES_MAX = 131_072;

/**
 * `/3ds/return/{capability}`: where the issuer sends the browser back, from its challenge or in the frame of its device
 * check. Both are posts of another site, so they come without our cookie and whose they are nobody knows. They may cause a
 * look, never decide: the directory server's own message does. The GET that follows brings the cookie again, and with it
 * the payer to the page.
 */
export function createReturns({ counter }: WebPorts, answers: Answers) {
  async function post(exchange: Exchange, capability: string): Promise<void> {
    const { request, response } = exchange;
    const fields = fieldsOf(request, RETURN_BYTES_MAX);
    if (fields('threeDSMethodData') !== '') return answers.framed(response);
    const from: From = { channel: 'web', device: '', browser: browserOf(request, fields), address: request.ip ?? '' };
    await counter.returned(capability, promptOf(fields('threeDSSessionData')) || null, from);
    answers.seeOther(response, `/3ds/return/${capability}`);
  }

  async function show(exchange: Exchange, capability: string): Promise<void> {
    const back = await counter.comeBack(capability, answers.deviceOf(exchange.request));
    if (back === null) return answers.problem(exchange, 404, 'not_found');
    if (back.token !== null) return answers.toPayment(exchange.response, back.token);
    answers.plain(exchange, 200, null, returnedPage);
  }

  return { post, show };
}
