/** Shop and lab are for this machine, and only in development. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LabHouse, openLabHouse } from './house.js';

const PATHS = ['/shop', '/shop/cart', '/lab', '/lab/devices', '/lab/television'];
const POSTS = [
  '/shop/checkout',
  '/shop/webhooks',
  '/lab/experiments/plug',
  '/lab/experiments/heal',
  '/lab/devices/dial',
  '/lab/television',
];

async function statuses(url: string, headers: Record<string, string> = {}): Promise<number[]> {
  const gets = PATHS.map((path) => fetch(url + path, { headers }));
  const posts = POSTS.map((path) => fetch(url + path, { method: 'POST', headers, redirect: 'manual' }));
  return (await Promise.all([...gets, ...posts])).map(({ status }) => status);
}

const nothing = [...PATHS, ...POSTS].map(() => 404);

describe('in development', () => {
  let house: LabHouse;
  beforeAll(async () => {
    house = await openLabHouse();
  });
  afterAll(() => house?.close());

  it('this machine is served', async () => {
    const found = await statuses(house.url);
    expect(found.slice(0, PATHS.length)).toEqual([200, 200, 200, 200, 200]);
    expect(found).not.toContain(404);
  });

  it.each([
    ['x-forwarded-for', '203.0.113.7'],
    ['forwarded', 'for=203.0.113.7'],
    ['x-real-ip', '203.0.113.7'],
  ])('whoever comes through a proxy (%s) finds nothing', async (name, value) => {
    expect(await statuses(house.url, { [name]: value })).toEqual(nothing);
  });

  it('another site cannot press the buttons', async () => {
    const headers = { 'sec-fetch-site': 'cross-site' };
    const answer = await fetch(`${house.url}/lab/experiments/heal`, { method: 'POST', headers });
    expect(answer.status).toBe(403);
  });

  it('without a supervisor the plug stays in', async () => {
    const headers = { accept: 'application/json' };
    const answer = await fetch(`${house.url}/lab/experiments/plug`, { method: 'POST', headers });
    expect(await answer.json()).toEqual({ payment: null });
    expect(await (await fetch(`${house.url}/lab`)).text()).toContain('run npm start');
  });

  it('the start page leads there', async () => {
    const page = await (await fetch(house.url)).text();
    for (const path of ['/shop', '/lab', '/docs']) expect(page).toContain(`href="${path}"`);
  });
});

describe('where the lab is off, as in production', () => {
  let house: LabHouse;
  beforeAll(async () => {
    house = await openLabHouse((config) => ({ ...config, environment: 'production', lab: false }));
  });
  afterAll(() => house?.close());

  it('there is nothing', async () => {
    expect(await statuses(house.url)).toEqual(nothing);
  });
});
