import type { Screen, Shown, TvDesk, TvKey, TvPress, TvWait } from '../../src/contracts/television.js';
import { forgiven, type Ground, sendPayer } from './actors.js';
import type { Box, Home } from './home.js';
import { signing } from './telephones.js';

/** One box: what it shows, and what it has sent. */
export interface Viewer {
  readonly payment: string;
  readonly device: string;
  session: string | null;
  screen: Screen | null;
  /** The last thing it sent; sent again it answers a screen that is gone. */
  last: TvPress | null;
  /** Digits still to be sent one by one, and the version of the screen that they are for. */
  readonly toSend: string[];
  keyingOn: number | null;
  hasPhone: boolean;
}

const PRESSES_MAX = 24;
const ARROWS: readonly TvKey[] = ['UP', 'DOWN', 'LEFT', 'RIGHT', 'BACK'];
const LONG_POLL_MS = 2_000;

/** Somebody in front of a box: opens it, maybe again and again, keys codes right and wrong in one piece or digit by digit. */
export function sendViewer(ground: Ground, home: Home, payment: string, device: string): Viewer {
  const viewer: Viewer = {
    ...{ payment, device, session: null, screen: null, last: null, toSend: [], keyingOn: null, hasPhone: false },
  };
  goOn(ground, home, viewer, PRESSES_MAX);
  return viewer;
}

function goOn(ground: Ground, home: Home, viewer: Viewer, presses: number): void {
  const { time, random } = ground;
  if (presses === 0) return;
  const isKeying = viewer.toSend.length > 0 && viewer.screen?.version === viewer.keyingOn;
  const pause = isKeying ? random.between(40, 400) : random.between(200, random.chance(0.1) ? 20_000 : 3_000);
  time.at(time.now() + pause, () => {
    // Most switch it off once it tells how it ended.
    if (viewer.screen?.kind === 'result' && random.chance(0.6)) return;
    forgiven(act(ground, home, viewer));
    goOn(ground, home, viewer, isKeying ? presses : presses - 1);
  });
}

async function act(ground: Ground, home: Home, viewer: Viewer): Promise<void> {
  const { random } = ground;
  const { televisions } = ground.reach();
  if (televisions === null) return;
  if (viewer.session === null || random.chance(0.04)) return open(televisions, home, viewer);
  const { session, screen } = viewer;
  if (screen === null || screen.kind === 'wait' || random.chance(0.15)) {
    const ms = random.chance(0.3) ? LONG_POLL_MS : 0;
    return took(ground, viewer, await televisions.look(session, waiting(screen?.version ?? null, ms)));
  }
  if (screen.kind === 'handover') takePhone(ground, viewer);
  const press = pressFor(ground, home, viewer, screen);
  if (press === null) return;
  // A key that bounces, a post that is sent again, and one that lay in a box that slept.
  const again = ground.reach().televisions;
  if (random.chance(0.25)) forgiven(again?.press(session, press) ?? Promise.resolve());
  if (viewer.last !== null && random.chance(0.1)) forgiven(again?.press(session, viewer.last) ?? Promise.resolve());
  viewer.last = press;
  took(ground, viewer, await televisions.press(session, press));
}

function waiting(version: number | null, ms: number): TvWait {
  return { version, ms, over: new AbortController().signal };
}

async function open(desk: TvDesk, { operator, payer }: Home, viewer: Viewer): Promise<void> {
  const { payment, device } = viewer;
  const opened = await desk.open(
    { operator, mode: 'live', deviceKey: null },
    { payment, device: { id: device, model: null }, code: null, account: payer.account, language: 'en', address: '' },
  );
  if ('refused' in opened) return;
  Object.assign(viewer, { session: opened.session, screen: opened.screen });
}

/** Answers come in any order: a box shows the last one that came. */
function took(ground: Ground, viewer: Viewer, shown: Shown | null): void {
  if (shown === null) return;
  const { screen } = shown;
  viewer.screen = screen;
  if (screen.text.startsWith('paid.text_card')) ground.toldPaid(viewer.payment, boxOf(viewer).device);
}

function boxOf({ payment, session }: Viewer): Box {
  const id = signing.televisions.readSessionToken(session ?? '');
  return { payment, device: signing.deviceHash(id ?? '') };
}

function pressFor({ random }: Ground, home: Home, viewer: Viewer, screen: Screen): TvPress | null {
  const blank = { version: screen.version, key: null, value: null, seq: null } as const;
  // On another screen the entry begins anew.
  if (screen.version !== viewer.keyingOn) viewer.toSend.length = 0;
  const digit = viewer.toSend.shift();
  if (digit !== undefined) return { ...blank, key: digit as TvKey, seq: nextSeq(viewer) };
  if (screen.entry !== null && random.chance(0.8)) {
    if (random.chance(0.06)) return { ...blank, value: '12' };
    const code = home.keyed(random.chance(home.memory), boxOf(viewer));
    if (random.chance(0.7)) return { ...blank, value: code };
    viewer.toSend.push(...code, 'OK');
    viewer.keyingOn = screen.version;
    return null;
  }
  if (screen.options.length === 0) return null;
  if (random.chance(0.15)) return { ...blank, key: random.pick(ARROWS) };
  const { key } = random.pick(screen.options);
  // Few cancel what they came for.
  return { ...blank, key: key === 'RED' && random.chance(0.8) ? 'OK' : key };
}

/** From 1 on each screen. */
function nextSeq({ screen, last }: Viewer): number {
  return last !== null && last.version === screen?.version && last.seq !== null ? last.seq + 1 : 1;
}

/** The picture is scanned, and the payment goes on there. */
function takePhone(ground: Ground, viewer: Viewer): void {
  if (viewer.hasPhone || ground.random.chance(0.6)) return;
  viewer.hasPhone = true;
  sendPayer(ground, viewer.payment, `phone beside ${viewer.device}`, 5);
}

const ENDINGS: Readonly<Record<string, string>> = {
  ...{ succeeded: 'paid', partially_captured: 'paid', requires_capture: 'reserved' },
  ...{ canceled: 'canceled', expired: 'expired', failed: 'failed', requires_review: 'review' },
};

/** Once all is quiet each box shows what is true of its payment, and says of its own card only what it paid. */
export async function checkScreens(ground: Ground, viewers: readonly Viewer[]): Promise<string[]> {
  const wrong: string[] = [];
  for (const viewer of viewers) {
    const { engine, televisions } = ground.reach();
    if (viewer.session === null || televisions === null) continue;
    const payment = await engine.load(viewer.payment);
    const shown = await televisions.look(viewer.session, waiting(null, 0));
    const id = shown?.screen.id ?? 'nothing';
    const truth = ENDINGS[payment?.status ?? ''] ?? payment?.status;
    if (id !== truth) wrong.push(`${viewer.payment} is ${payment?.status}, and ${viewer.device} shows ${id}`);
    took(ground, viewer, shown);
  }
  return wrong;
}
