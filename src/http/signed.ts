import type { IncomingMessage } from 'node:http';
import { Problem } from '../contracts/errors.js';
import type { SignedBy, SignedRequest } from '../contracts/operator.js';
import type { SignedRequests } from '../operators/signed_requests.js';
import { hasBody, readJsonBytes } from './body.js';
import { readQuery } from './query.js';
import { type Admit, refuseUnexpectedBody } from './serve.js';
import { isFromThisMachine } from './this_machine.js';

export type SignedReader = (request: IncomingMessage) => Promise<SignedRequest>;

/** Methods whose requests have no body, and of which the path is signed instead. */
const WITHOUT_BODY = new Set(['GET', 'HEAD', 'DELETE']);

/**
 * Reads a request that a television operator or one of its boxes has signed. Who signed stands in the body, as `operator`
 * and `device_key_id`; where there is none, in the query, and path and query are what is signed.
 * @throws Problem 401 `signature_invalid`, 409 `message_replayed`, and as `readJson`
 */
export function createSignedReader({ check }: SignedRequests): SignedReader {
  return async (request) => {
    const { url = '/', method = '' } = request;
    if (WITHOUT_BODY.has(method)) refuseUnexpectedBody(request, { body: null });
    const read = hasBody(request) ? await readJsonBytes(request) : null;
    const named = read === null ? readQuery(url) : membersOf(read.value);
    const headers = (name: string): readonly string[] => request.headersDistinct[name] ?? [];
    const answer = await check({
      headers: {
        id: headers('webhook-id'),
        timestamp: headers('webhook-timestamp'),
        signature: headers('webhook-signature'),
      },
      payload: read?.bytes ?? url,
      operator: named['operator'],
      deviceKey: named['device_key_id'],
      isFromThisMachine: isFromThisMachine(request),
    });
    if ('by' in answer) return { by: answer.by, body: read?.value };
    if (answer.refused === 'replayed') {
      throw new Problem(
        409,
        'message_replayed',
        'This message was used before: sign the request again under a new id.',
      );
    }
    const detail = 'The request is not signed by anybody who may sign it now.';
    throw new Problem(401, 'signature_invalid', detail);
  };
}

function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** The operator's own middleware, and no box: households and keys are not a box's to change. */
export function admitOperator(read: SignedReader): Admit<SignedBy> {
  return async (request, route) => {
    refuseUnexpectedBody(request, route);
    const { by, body } = await read(request);
    if (by.deviceKey === null) return { caller: by, body };
    throw new Problem(403, 'operator_only', 'A box may not do this: its operator signs it.');
  };
}
