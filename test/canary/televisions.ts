/** The ways of a purchase code over a television: in one piece, digit by digit, mistyped, and a card number in its place. */
import { signedHeaders } from '../../src/notify/signature.js';
import { DEMO_OPERATOR, DEMO_OPERATOR_SECRET } from '../../src/operators/demo.js';
import { pause } from '../process/requests.js';
import { newPayment, type Typed, type Walker } from './walks.js';

interface Screen {
  readonly id: string;
  readonly version: number;
}

const LOOKS_MAX = 200;

export interface TelevisionCodes {
  readonly right: string;
  readonly wrong: string;
  readonly oneTime: string;
}

/** Pays twice with the household's stored card, once by a box that collects an entry and once by one that cannot. */
export async function payOnTelevision(walker: Walker, codes: TelevisionCodes, { number }: Typed): Promise<void> {
  const collecting = await openedBox(walker);
  await collecting.press({ key: 'OK' });
  for (const value of [number, `${number} ${codes.wrong}`, codes.wrong, codes.oneTime, codes.right]) {
    await collecting.press({ value });
  }
  await collecting.untilPaid();
  const plain = await openedBox(walker);
  await plain.press({ key: 'OK' });
  for (const [index, key] of [...codes.right].entries()) await plain.press({ key, seq: index + 1 });
  await plain.press({ key: 'OK', seq: codes.right.length + 1 });
  await plain.untilPaid();
  // An address that somebody made up, with what does not belong there.
  for (const address of [`/tv/sessions/${number}`, `/tv/sessions/${codes.right}?version=${number}`]) {
    const answer = await fetch(walker.url + address);
    walker.seen.push({ where: `television ${answer.status}`, text: (await answer.text()).replaceAll(address, '') });
  }
}

async function openedBox(walker: Walker) {
  const { url, seen } = walker;
  const { id } = await newPayment(walker, { channels: ['web', 'tv'] });
  const body = JSON.stringify({ operator: DEMO_OPERATOR.id, device: { id: 'box-1' }, payment: id, account: 'demo' });
  const headers = signedHeaders(`msg_${id}`, Date.now(), body, [DEMO_OPERATOR_SECRET]);
  const { session, screen } = await take(`${url}/tv/sessions`, { method: 'POST', headers, body });
  let shown: Screen = screen;

  async function take(address: string, init: RequestInit = {}) {
    const json = { 'content-type': 'application/json' };
    const answer = await fetch(address, { ...init, headers: { ...json, ...init.headers } });
    const text = await answer.text();
    seen.push({ where: `television ${answer.status}`, text });
    return JSON.parse(text) as { session: string; screen: Screen };
  }

  return {
    async press(pressed: object): Promise<void> {
      const asked = JSON.stringify({ version: shown.version, ...pressed });
      const taken = await take(`${url}/tv/sessions/${session}/keys`, { method: 'POST', body: asked });
      shown = taken.screen ?? shown;
    },
    async untilPaid(): Promise<void> {
      for (let look = 0; shown.id !== 'paid'; look++) {
        if (look > LOOKS_MAX) throw new Error(`the television shows ${shown.id}`);
        await pause(50);
        shown = (await take(`${url}/tv/sessions/${session}`)).screen;
      }
    },
  };
}
