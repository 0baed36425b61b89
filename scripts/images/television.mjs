/**
 * Every screen of the television in both languages, each language on one sheet: the real application, driven by its keys. One pass makes both,
 * because what happens to the household happens to it once.
 */
import { createHmac, randomUUID } from 'node:crypto';

const LANGUAGES = ['fr', 'en'];
const SECRET = Buffer.from('Z3VpY2hldC1kZW1vLXR2LW9wZXJhdG9yLXNlY3JldA==', 'base64');
const RED = 403;
const GREEN = 404;
const BLUE = 406;
const PATIENCE_MS = 70_000;

let pass = null;

/** The sheet of one language, shown on `page`; answers the part of it that is photographed. */
export const televisionSheet = (language) => async (page, house) => {
  pass ??= photographAll(page, house);
  const shots = (await pass)[language];
  await page.setViewportSize({ width: 1252, height: 800 });
  // The application is XML, into which no page can be written.
  await page.goto('about:blank');
  await page.setContent(sheetOf(shots, language));
  return page.locator('main');
};

async function photographAll(page, house) {
  const shots = { fr: [], en: [] };
  const expiring = await house.order({ expires_in: 60 });
  for (const language of LANGUAGES) await photographOne(page, house, language, shots[language]);
  await lock(page, house, shots);
  for (const language of LANGUAGES) {
    await page.goto(await opened(house, expiring.id, language));
    await page.locator('#glass.expired').waitFor({ timeout: PATIENCE_MS });
    await take(page, shots[language], 'expired');
  }
  return shots;
}

/** A viewer who looks at everything, pays, and then cancels another payment. */
async function photographOne(page, house, language, shots) {
  await page.setViewportSize({ width: 1280, height: 720 });
  const { id } = await house.order({ payer: { language } });
  await page.goto(await opened(house, id, language));
  await take(page, shots, 'start');
  await press(page, BLUE);
  await take(page, shots, 'handover');
  const phone = await page.context().newPage();
  await phone.goto(await scanned(page));
  await take(page, shots, 'opened');
  await press(page, GREEN);
  await page.locator('#glass.purchase_code').waitFor();
  await page.keyboard.type('12');
  await take(page, shots, 'purchase_code');
  await page.keyboard.type('99');
  await page.keyboard.press('Enter');
  await page.locator('#text', { hasText: /Nothing was charged|Rien n’a été débité/ }).waitFor();
  await take(page, shots, 'purchase_code');
  await page.context().setOffline(true);
  await page.locator('#away', { hasText: '…' }).waitFor();
  await take(page, shots, 'purchase_code');
  await page.context().setOffline(false);
  await page.locator('#away').waitFor({ state: 'hidden' });
  await house.trouble({ operation: 'authorize', fault: 'slow', payment: id });
  await page.keyboard.type('1234');
  await page.keyboard.press('Enter');
  await take(page, shots, 'paying');
  await take(page, shots, 'paid');
  const other = await house.order({ payer: { language } });
  await page.goto(await opened(house, other.id, language));
  await page.locator('#glass.start').waitFor();
  await press(page, RED);
  await take(page, shots, 'confirm_cancel');
  await press(page, RED);
  await take(page, shots, 'canceled');
  await phone.close();
}

/** Five wrong codes, typed on one box, lock the account on both. */
async function lock(page, house, shots) {
  const { id } = await house.order();
  await page.goto(await opened(house, id, 'fr'));
  await page.locator('#glass.start').waitFor();
  await press(page, GREEN);
  for (let wrong = 0; (await page.locator('#glass.locked').count()) === 0 && wrong < 20; wrong += 1) {
    await page.keyboard.type('9876');
    await page.keyboard.press('Enter');
    await page.waitForTimeout(700);
  }
  await take(page, shots.fr, 'locked');
  await page.goto(await opened(house, id, 'en'));
  await page.locator('#glass.start').waitFor();
  await press(page, GREEN);
  await take(page, shots.en, 'locked');
}

async function take(page, shots, screen) {
  await page.locator(`#glass.${screen}`).waitFor({ timeout: PATIENCE_MS });
  if ((await page.locator('#handover').isVisible()) === true)
    await page.locator('#qr').evaluate((image) => image.decode());
  shots.push(`data:image/png;base64,${(await page.screenshot()).toString('base64')}`);
}

const press = (page, keyCode) =>
  page.evaluate((code) => document.dispatchEvent(new KeyboardEvent('keydown', { keyCode: code })), keyCode);

/** Where a telephone is led by the picture. */
async function scanned(page) {
  const { origin, searchParams } = new URL(page.url());
  const { screen } = await (await fetch(`${origin}/tv/sessions/${searchParams.get('session')}`)).json();
  return screen.handover.qr;
}

/** The application's address for a session, opened as the demo operator's middleware does. */
async function opened({ origin }, payment, language) {
  const device = { id: `box-${language}` };
  const body = JSON.stringify({ operator: 'op_demo', device, payment, account: 'demo', language });
  const [id, timestamp] = [`msg_${randomUUID()}`, String(Math.floor(Date.now() / 1_000))];
  const signature = createHmac('sha256', SECRET).update(`${id}.${timestamp}.${body}`).digest('base64');
  const headers = {
    ...{ 'content-type': 'application/json', 'webhook-id': id, 'webhook-timestamp': timestamp },
    'webhook-signature': `v1,${signature}`,
  };
  const answer = await fetch(`${origin}/tv/sessions`, { method: 'POST', headers, body });
  const { session } = await answer.json();
  return `${origin}/tv/app?session=${session}`;
}

/** Three in a row, small: what is on them is read in the guide. */
function sheetOf(shots, language) {
  const pictures = shots.map((shot) => `<img src="${shot}" alt="">`).join('');
  return `<!doctype html><html lang="${language}"><style>
    body { margin: 0; background: #fff; } main { display: grid; grid-template-columns: repeat(3, 400px); gap: 13px; padding: 13px; width: 1226px; }
    img { display: block; width: 400px; }</style><main>${pictures}</main></html>`;
}
