/** What a merchant reads who reads everything: the whole feed, and what is wrong with it. */
import { type Caller, get } from './requests.js';

export interface ShownEvent {
  readonly id: string;
  readonly position: number;
  readonly payment: string;
  /** Among those of its payment, from 1 on. */
  readonly sequence: number;
}

/** All events of the feed behind `after`, as it gives them, page by page. */
export async function readFeed(caller: Caller, after = 0): Promise<ShownEvent[]> {
  const all: ShownEvent[] = [];
  for (;;) {
    const page = await get(caller, `/v1/events?limit=100&after=${all.at(-1)?.position ?? after}`);
    const events = page.body['data'] as ShownEvent[];
    if (events.length === 0) return all;
    all.push(...events);
  }
}

/** Sentences on holes, doubles and disorder, and on what `payments` say to have told; none when all is well. */
export function checkFeed(
  events: readonly ShownEvent[],
  payments: readonly { readonly id: string; readonly version: number }[] = [],
): string[] {
  const wrong: string[] = [];
  const seen = new Set<string>();
  const told = new Map<string, number>();
  for (const [index, { id, position, payment, sequence }] of events.entries()) {
    if (position !== index + 1) wrong.push(`the feed has ${position} in the place of ${index + 1}`);
    if (seen.has(id)) wrong.push(`the feed has ${id} twice`);
    seen.add(id);
    const before = told.get(payment) ?? 0;
    if (sequence <= before) wrong.push(`the feed tells ${sequence} of ${payment} after ${before}`);
    if (sequence > before + 1) wrong.push(`the feed lacks an event of ${payment} before ${sequence}`);
    told.set(payment, sequence);
  }
  for (const { id, version } of payments) {
    if (told.get(id) !== version) wrong.push(`the feed tells ${told.get(id)} of ${id}, which is at ${version}`);
  }
  return wrong;
}
