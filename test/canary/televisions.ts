/**
 * The ways of a purchase code over a television: in one piece, digit by digit, mistyped, and a card number in its place; and on
 * the page that it leads to.
 */
import { signedHeaders } from '../../src/notify/signature.js';
import { DEMO_OPERATOR, DEMO_OPERATOR_SECRET } from '../../src/operators/demo.js';
import { formOf } from '../channels/web/page_server.js';
import { pause } from '../process/requests.js';
import { newPayment, payWith, recordedBrowser, type Typed, type Walker } from './walks.js';

interface Screen {
  readonly id: string;
  readonly version: number;
  readonly handover: { readonly qr: string } | null;
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
  await plain.keyOneByOne(codes.wrong);
  await plain.keyOneByOne(codes.right);
  await plain.untilPaid();
  // An address that somebody made up, with what does not belong there.
  for (const address of [`/tv/sessions/${number}`, `/tv/sessions/${codes.right}?version=${number}`]) {
    const answer = await fetch(walker.url + address);
    walker.seen.push({ where: `television ${answer.status}`, text: (await answer.text()).replaceAll(address, '') });
  }
}

export interface PageCodes {
  /** What is typed in place of the code that was mailed. */
  readonly notMailed: string;
  /** The household's new purchase code, and another that was to repeat it. */
  readonly next: string;
  readonly differs: string;
}

/**
 * On the telephone that scanned the picture: the code from the household's mail, mistyped first, a new purchase code, mistyped
 * first, and a card through its bank's challenge. Answers the code that was mailed.
 */
export async function payBesideTelevision(walker: Walker, codes: PageCodes, card: Typed): Promise<string> {
  const box = await openedBox(walker);
  await box.press({ key: 'BLUE' });
  const path = new URL(box.screen().handover?.qr ?? '').pathname;
  const browser = recordedBrowser(walker);
  // A button of the form for a card.
  const { fields } = formOf((await browser.ask(path)).body, '/card');
  await browser.ask(`${path}/send-code`, { method: 'POST', body: new URLSearchParams(fields) });
  const mailed = await mailedCode(walker);
  await browser.submit(await browser.ask(path), '/code', { code: codes.notMailed });
  await browser.submit(await browser.ask(path), '/code', { code: mailed });
  for (const again of [codes.differs, codes.next]) {
    const typed = { purchase_code: codes.next, purchase_code_again: again };
    await browser.submit(await browser.ask(path), '/purchase-code', typed);
  }
  await payWith(browser, `${path}?with=card`, [card]);
  await box.untilPaid();
  return mailed;
}

/** Read in the mailbox, where it belongs: six digits by themselves on a line, or in a sentence. */
async function mailedCode({ url }: Walker): Promise<string> {
  for (let look = 0; look < LOOKS_MAX; look++) {
    const asked = await fetch(`${url}/lab/mailbox/messages.json?limit=1000`);
    const { data } = (await asked.json()) as { data: { to: unknown; text: string | null }[] };
    const mine = data.filter(({ to }) => JSON.stringify(to).includes('demo@shop.example'));
    const code = mine.map(({ text }) => /(?<![\w-])\d{6}(?![\w-])/.exec(text ?? '')?.[0]).find(Boolean);
    if (code !== undefined) return code;
    await pause(50);
  }
  throw new Error('no code was mailed');
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

  const press = async (pressed: object): Promise<void> => {
    const asked = JSON.stringify({ version: shown.version, ...pressed });
    const taken = await take(`${url}/tv/sessions/${session}/keys`, { method: 'POST', body: asked });
    shown = taken.screen ?? shown;
  };

  return {
    press,
    screen: () => shown,
    async keyOneByOne(code: string): Promise<void> {
      for (const [index, key] of [...code].entries()) await press({ key, seq: index + 1 });
      await press({ key: 'OK', seq: code.length + 1 });
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
