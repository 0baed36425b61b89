import { createHmac } from 'node:crypto';
import type { Clock } from '../../../contracts/clock.js';
import type { Ids } from '../../../contracts/ids.js';
import type { Screen } from '../../../contracts/television.js';
import type { Call } from '../../shop/wire.js';

/** The operator whose middleware the lab plays, and the household in front of the set. */
export interface TelevisionOperator {
  readonly id: string;
  /** `whsec_…`: what its requests are signed with. */
  readonly secret: string;
  readonly household: string;
}

export interface TelevisionPorts {
  readonly publicUrl: string;
  readonly operator: TelevisionOperator;
  readonly clock: Clock;
  readonly ids: Pick<Ids, 'token'>;
}

/** What the set shows. */
export interface Television {
  /** The bearer secret of its session; null when the operator was refused. */
  readonly session: string | null;
  /** How the session was opened, as it went over the wire. */
  readonly opening: Call;
}

export interface TelevisionSource {
  /** Opens a session for a payment, as the operator's middleware does when a viewer has chosen something. */
  turnOn(payment: string, language: string): Promise<Television>;
  /** The screen that is shown; null when it cannot be had. */
  look(session: string): Promise<Screen | null>;
}

const DEVICE = { id: 'lab-television', model: 'Guichet lab' };
const PATIENCE_MS = 3_000;
const MESSAGE_BITS = 128;
/** It opens the session for everybody. */
const SECRET = /"session":"[^"]*"/;

export function createTelevisionSource({ publicUrl, operator, clock, ids }: TelevisionPorts): TelevisionSource {
  /** As Standard Webhooks signs: any library of that scheme does the same. */
  function signed(body: string): Record<string, string> {
    const id = `msg_${ids.token(MESSAGE_BITS)}`;
    const timestamp = String(Math.floor(clock.now() / 1_000));
    const key = Buffer.from(operator.secret.replace('whsec_', ''), 'base64');
    const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
    return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
  }

  return {
    async turnOn(payment, language) {
      const wished = language === '' ? {} : { language };
      const body = JSON.stringify({
        ...{ operator: operator.id, device: DEVICE, payment, account: operator.household },
        ...wished,
      });
      const url = `${publicUrl}/tv/sessions`;
      const headers = { 'content-type': 'application/json', ...signed(body) };
      const call = { kind: 'call', at: clock.now(), method: 'POST', url, headers, body } as const;
      const answer = await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(PATIENCE_MS) });
      const text = await answer.text();
      const session = answer.ok ? (JSON.parse(text) as { session: string }).session : null;
      return { session, opening: { ...call, status: answer.status, answer: text.replace(SECRET, '"session":"***"') } };
    },
    async look(session) {
      const url = `${publicUrl}/tv/sessions/${encodeURIComponent(session)}`;
      const answer = await fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS) });
      return answer.ok ? ((await answer.json()) as { screen: Screen }).screen : null;
    },
  };
}
