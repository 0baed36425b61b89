import type { Page } from 'playwright-core';
import { Webhook } from 'standardwebhooks';
import { systemClock } from '../../src/clock.js';
import { createIds } from '../../src/ids.js';

const SECRET = 'whsec_Z3VpY2hldC1kZW1vLXR2LW9wZXJhdG9yLXNlY3JldA==';
export const TELEVISION = { width: 1280, height: 720 };
const systemTime = systemClock();
const ids = createIds({ clock: systemTime });

/** Does what the demo operator's middleware does: opens a session for a payment. Answers the address of the application for it. */
export async function openSession(
  url: string,
  payment: string,
  opening: { account?: string | null; language?: 'fr' | 'en'; device?: string; at?: number } = {},
): Promise<{ session: string; app: string }> {
  const { account = 'demo', language = 'en', device = 'box-1', at: now = systemTime.now() } = opening;
  const body = JSON.stringify({ operator: 'op_demo', device: { id: device }, payment, account, language });
  const [id, at] = [`msg_${ids.token(128)}`, new Date(now)];
  const answer = await fetch(`${url}/tv/sessions`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
      'webhook-signature': new Webhook(SECRET).sign(id, at, body),
    },
    body,
  });
  if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`);
  const { session } = (await answer.json()) as { session: string };
  return { session, app: `${url}/tv/app?session=${session}` };
}

/** Presses keys one after the other, as a thumb does. */
export async function press(page: Page, ...keys: readonly string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
}

/** A key of the remote that no keyboard has. */
export async function pressCode(page: Page, keyCode: number): Promise<void> {
  await page.evaluate(
    `document.dispatchEvent(new KeyboardEvent('keydown', { keyCode: ${keyCode}, cancelable: true, bubbles: true }))`,
  );
}

export const RED = 403;
export const GREEN = 404;
export const YELLOW = 405;
export const BLUE = 406;
