import type { Page, Route } from 'playwright-core';
import type { Screen } from '../../src/contracts/television.js';

/** A screen as the server words it, for tests of what the application does with it: its own words do not matter. */
export function screenOf(changes: Partial<Screen> = {}): Screen {
  return {
    id: 'start',
    kind: 'choose',
    title: 'Pay Maison Lune',
    text: 'How do you want to pay?',
    speech: 'Pay 42 euros 50 to Maison Lune. How do you want to pay?',
    language: 'en',
    merchant: 'Maison Lune',
    amount_text: '€42.50',
    options: [
      { key: 'GREEN', label: 'Pay with your saved card' },
      { key: 'BLUE', label: 'Continue on your phone' },
      { key: 'RED', label: 'Cancel' },
    ],
    focus: 0,
    entry: null,
    handover: null,
    expires_in: 86_000,
    status: 'requires_payment_method',
    version: 1,
    ...changes,
  };
}

export const ENTRY: Partial<Screen> = {
  id: 'purchase_code',
  kind: 'enter',
  title: 'Your purchase code',
  text: 'Not the code of your bank card.',
  options: [{ key: 'YELLOW', label: 'Code forgotten' }],
  focus: 0,
  entry: { digits: 8, secret: true, entered: 0 },
};

export const HANDOVER: Partial<Screen> = {
  id: 'handover',
  kind: 'handover',
  title: 'TEST : Continuez sur votre téléphone',
  language: 'fr',
  text: 'La banque demande une vérification de plus. 42,50 € à Maison Lune. Scannez l’image, allez sur pay.example.org/link ou appelez le +33199001234. Le code est le même.',
  options: [
    { key: 'GREEN', label: 'Payer avec votre carte enregistrée' },
    { key: 'RED', label: 'Annuler' },
  ],
  handover: {
    code: '482 109 3756',
    url: 'https://pay.example.org/link',
    qr: 'https://pay.example.org/pay/k9Tq2mVYc8Lr0sXe4bNfQw',
    telephone: '+33199001234',
  },
};

/** Resolves once the screen with this title is shown. */
export const titled = (page: Page, title: string): Promise<void> =>
  page.getByRole('heading', { level: 1, name: title, exact: true }).waitFor();

/** What a box asked of the server. */
export interface Asked {
  readonly method: 'GET' | 'POST';
  readonly query: URLSearchParams;
  readonly body: Record<string, unknown> | null;
}

export type Answer = Screen | 'lost' | { readonly status: number } | 'open';

/** A server of screens in the place of the real one: `answer` says what becomes of each question. */
export async function serveScreens(
  page: Page,
  answer: (asked: Asked, before: readonly Asked[]) => Answer,
): Promise<readonly Asked[]> {
  const asked: Asked[] = [];
  await page.route('**/tv/sessions/**', async (route: Route) => {
    const request = route.request();
    const body = request.postData();
    const question: Asked = {
      method: request.method() === 'POST' ? 'POST' : 'GET',
      query: new URL(request.url()).searchParams,
      body: body === null ? null : (JSON.parse(body) as Record<string, unknown>),
    };
    const told = answer(question, [...asked]);
    asked.push(question);
    if (told === 'open') return;
    if (told === 'lost') await route.abort('failed');
    else if ('status' in told && !('version' in told)) await route.fulfill({ status: told.status, body: '{}' });
    else await route.fulfill({ json: { session: 's', screen: told, poll_interval: 1 } });
  });
  return asked;
}

/** The first screen until something is pressed, and then the next. */
export const shows =
  (first: Screen, next: Screen = first) =>
  (asked: Asked, before: readonly Asked[]): Answer => {
    if (asked.method === 'POST') return next;
    if (asked.query.has('version')) return 'open';
    return before.some(({ method }) => method === 'POST') ? next : first;
  };
