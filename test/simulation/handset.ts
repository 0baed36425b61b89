import type { TextReply } from '../../src/contracts/text.js';
import { forgiven, type Ground, sendPayer } from './actors.js';
import type { Received } from './provider.js';

type Says = TextReply['says'];

const LINKS: ReadonlySet<string> = new Set(['offer.link']);

/** What comes of a text at its handset: reports about it in any order, and an answer, told twice if it must be. */
export function takeText(ground: Ground, received: Received, from: string, paymentOf: PaymentOf): void {
  report(ground, received);
  const [key = '', ...rest] = received.body.split(' ');
  const { code } = JSON.parse(rest.join(' ')) as { code?: string };
  if (key === 'offer.digits' && code !== undefined) {
    reply(ground, from, code);
    // Nothing seems to happen, so it is said again.
    if (ground.random.chance(0.3)) reply(ground, from, code);
  } else if (LINKS.has(key)) {
    forgiven(
      paymentOf(received.text).then((payment) => {
        if (payment !== null) sendPayer(ground, payment, 'device-link', 5);
      }),
    );
  }
}

/** The payment that a text of ours is about. */
export type PaymentOf = (text: string) => Promise<string | null>;

function reply({ time, random, reach, name }: Ground, from: string, code: string): void {
  const given = { message: name('SM'), from, says: drawWord(random.next(), code) };
  const at = time.now() + random.between(500, random.chance(0.1) ? 400_000 : 15_000);
  // The provider comes again where it was not answered, and now and then where it was.
  const times = random.pick([1, 1, 1, 2, 3]);
  for (let count = 0; count < times; count += 1) {
    time.at(at + count * random.between(0, 12_000), () => {
      const { telephones } = reach();
      if (telephones !== null) forgiven(telephones.counter.answer(given));
    });
  }
}

function drawWord(chance: number, code: string): Says {
  if (chance < 0.7) return { word: 'digits', digits: code };
  if (chance < 0.82) return { word: 'digits', digits: code === '000000' ? '111111' : '000000' };
  if (chance < 0.9) return { word: 'no' };
  if (chance < 0.94) return { word: 'yes', optsIn: false };
  return { word: chance < 0.97 ? 'stop' : 'other' };
}

function report({ time, random, reach }: Ground, { text, sid }: Received): void {
  const isLost = random.chance(0.08);
  const last = isLost ? ({ status: 'failed', code: 30_003 } as const) : ({ status: 'delivered', code: null } as const);
  for (const said of [{ status: 'under_way', code: null } as const, last, last]) {
    if (random.chance(0.3)) continue;
    time.at(time.now() + random.between(10, 8_000), () => {
      const { telephones } = reach();
      if (telephones !== null) forgiven(telephones.texts.reported({ text, sid, ...said }));
    });
  }
}
