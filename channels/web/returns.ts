import type { From } from '../../src/contracts/channel.js';
import type { Answers, Exchange } from './answers.js';
import { promptOf } from './pages/follow.js';
import type { WebPorts } from './ports.js';
import { browserOf, fieldsOf } from './requests.js';

/** A challenge's result carries signatures and may be large; nothing in it is believed. */
export const RETURN_BYTES_MAX = 131_072;

/**
 * Where the issuer sends the browser back: from its challenge, or in the frame of its device check. Both are posts of
 * another site, so they come without our cookie and whose they are nobody knows. They may cause a look, never decide:
 * the directory server's own message does.
 */
export function createReturns({ counter }: WebPorts, answers: Answers) {
  return async (exchange: Exchange, token: string): Promise<void> => {
    const { request, response } = exchange;
    const fields = fieldsOf(request, RETURN_BYTES_MAX);
    if (fields('threeDSMethodData') !== '') return answers.framed(response);
    const visit = await counter.visit(token, null);
    if (visit === null) return answers.problem(exchange, 404, 'not_found');
    const { prompt: open } = visit;
    const named = promptOf(fields('threeDSSessionData'));
    const isChallenge = open?.prompt.kind === 'follow' && open.prompt.purpose === 'challenge';
    if (isChallenge && (named === '' || named === open.id)) {
      const address = request.ip ?? '';
      const from: From = { channel: 'web', device: '', browser: browserOf(request, fields), address };
      await counter.returned(token, open.id, from);
    }
    answers.toPayment(response, token);
  };
}
