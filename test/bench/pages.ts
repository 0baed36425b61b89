import type { Answer, Client } from './client.js';
import type { Unit } from './load.js';
import { cardFields, newPage, seesOutcome } from './units.js';

/** One page, asked for again and again. */
export interface PageUnit {
  readonly name: string;
  readonly unit: Unit;
}

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

/** Every kind of page that the web channel answers, each set up once and then read as often as it can be. */
export async function pageUnits(client: Client): Promise<PageUnit[]> {
  const [open, paid] = [await newPage(client), await newPage(client)];
  const cookie = await cookieOf(client, open);
  const payer = await cookieOf(client, paid);
  const form = await get(client, paid, payer);
  const action = `${paid}/card`;
  const headers = { ...FORM, cookie: payer };
  await client.send({ method: 'POST', path: action, headers, body: cardFields(form.body, action) });
  if (!(await seesOutcome(client, paid, payer))) throw new Error('the payment did not come to its end');
  return [
    { name: 'card form', unit: reads(client, open, cookie, 'id="number"') },
    { name: 'card form, another device', unit: reads(client, open, '', 'id="number"') },
    { name: 'card form shown again', unit: await shownAgain(client, open, cookie) },
    { name: 'outcome', unit: reads(client, paid, payer, 'class="outcome paid"') },
    { name: '/link', unit: reads(client, '/link', cookie, 'id="code"') },
    { name: 'no payment', unit: reads(client, '/pay/nothing-of-this-name', '', '<h1>', 404) },
    { name: 'style', unit: reads(client, assetOf(form, 'css'), '', '') },
    { name: 'script', unit: reads(client, assetOf(form, 'js'), '', '') },
  ];
}

function reads(client: Client, path: string, cookie: string, holds: string, status = 200): Unit {
  return async () => {
    const answer = await get(client, path, cookie);
    return answer.status === status && answer.body.includes(holds);
  };
}

/** A post that is answered by the form with what was typed: one with a nonce that is none, because slips are counted. */
async function shownAgain(client: Client, path: string, cookie: string): Promise<Unit> {
  const action = `${path}/card`;
  const { body: page } = await get(client, path, cookie);
  const body = cardFields(page, action).replace(/nonce=[^&]*/, 'nonce=none');
  return async () => {
    const headers = { ...FORM, cookie };
    const answer = await client.send({ method: 'POST', path: action, headers, body });
    return answer.status === 409 && answer.body.includes('role="alert"');
  };
}

const get = (client: Client, path: string, cookie: string): Promise<Answer> =>
  client.send({ method: 'GET', path, headers: { cookie } });

async function cookieOf(client: Client, path: string): Promise<string> {
  return (await get(client, path, '')).header('set-cookie').split(';', 1)[0] ?? '';
}

const assetOf = ({ body }: Answer, ending: string): string =>
  new RegExp(`"(/pay/assets/page\\.[0-9a-f]+\\.${ending})"`).exec(body)?.[1] ?? '';
