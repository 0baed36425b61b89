import express, { type Router } from 'express';
import { type Html, textOf } from '../../../contracts/html.js';
import type { Log } from '../../../contracts/log.js';
import { fieldOf, isFromElsewhere } from '../../requests.js';
import { televisionPart } from './pages.js';
import { createTelevisionSource, type Television, type TelevisionPorts } from './source.js';

export interface TelevisionRoutes {
  /** What the page shows of the set. `payment`: what its button would show. */
  show(payment: string): Promise<Html>;
}

const FORM_BYTES_MAX = 4_096;

/** `/lab/television`: the set as it is now, and the button that shows a payment on it. What it shows, this process alone remembers. */
export function serveTelevision(router: Router, ports: TelevisionPorts, log: Log): TelevisionRoutes {
  const source = createTelevisionSource(ports);
  let television: Television | null = null;

  async function show(payment: string): Promise<Html> {
    const session = television?.session ?? null;
    const screen = session === null ? null : await source.look(session).catch(() => null);
    return televisionPart({ payment, television, screen });
  }

  router.get('/lab/television', async (_request, response) => {
    response
      .set('cache-control', 'no-store')
      .type('html')
      .send(textOf(await show('')));
  });
  router.post(
    '/lab/television',
    express.urlencoded({ extended: false, limit: FORM_BYTES_MAX }),
    async (request, response) => {
      if (isFromElsewhere(request)) {
        response.status(403).end();
        return;
      }
      try {
        television = await source.turnOn(fieldOf(request, 'payment'), fieldOf(request, 'language'));
      } catch (error) {
        log.debug('the lab could not turn its television on', { error });
      }
      if (request.accepts(['html', 'json']) === 'json')
        response.status(202).json({ isOn: television?.session != null });
      else response.redirect(303, '/lab');
    },
  );
  return { show };
}
