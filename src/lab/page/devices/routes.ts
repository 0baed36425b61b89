import express, { type Request, type Router } from 'express';
import { type Html, textOf } from '../../../contracts/html.js';
import type { Log } from '../../../contracts/log.js';
import { fieldOf, isFromElsewhere, queryOf } from '../../requests.js';
import { DEVICES_AWAY, devicesPart, NO_DEVICES } from './pages.js';
import { createDeviceSource, DEVICE_ACTIONS, type Telephone } from './source.js';

export interface DeviceRoutes {
  /** What the page shows of them: those of the number that its address names. */
  show(request: Request): Promise<Html>;
}

const FORM_BYTES_MAX = 4_096;
const FIELDS = ['from', 'to', 'hidden', 'sid', 'key', 'body'] as const;

/** `/lab/devices`: the devices as they are now, and what their buttons do. */
export function serveDevices(router: Router, telephone: Telephone | null, log: Log): DeviceRoutes {
  const source = telephone === null ? null : createDeviceSource(telephone);

  async function show(request: Request): Promise<Html> {
    if (source === null || telephone === null) return NO_DEVICES;
    const number = queryOf(request).get('number')?.replaceAll(' ', '') || telephone.holder;
    try {
      return devicesPart(await source.look(number));
    } catch (error) {
      log.debug('the simulator of Twilio gave no answer', { error });
      return DEVICES_AWAY;
    }
  }

  router.get('/lab/devices', async (request, response) => {
    response
      .set('cache-control', 'no-store')
      .type('html')
      .send(textOf(await show(request)));
  });
  for (const action of DEVICE_ACTIONS) {
    router.post(
      `/lab/devices/${action}`,
      express.urlencoded({ extended: false, limit: FORM_BYTES_MAX }),
      async (request, response) => {
        if (isFromElsewhere(request)) {
          response.status(403).end();
          return;
        }
        const fields = Object.fromEntries(FIELDS.map((name) => [name, fieldOf(request, name)]));
        const done = source !== null && (await source.act(action, fields));
        if (request.accepts(['html', 'json']) === 'json') response.status(202).json({ done });
        else response.redirect(303, '/lab');
      },
    );
  }
  return { show };
}
