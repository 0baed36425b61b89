import { Router } from 'express';
import { contentPolicy, loadAsset, serveAssets } from '../assets.js';
import { isFromElsewhere, queryOf } from '../requests.js';
import type { Shop } from '../shop/index.js';
import { serveDevices } from './devices/routes.js';
import { createExperiments, EXPERIMENTS, type ExperimentPorts } from './experiments.js';
import { labPage, type Shown } from './pages.js';
import { createSources, type ShownPayment, type SourcePorts } from './sources.js';
import { serveTelevision } from './television/routes.js';
import type { TelevisionPorts } from './television/source.js';

export type LabPagePorts = SourcePorts &
  Pick<TelevisionPorts, 'operator' | 'ids'> &
  Omit<ExperimentPorts, 'sources' | 'shop'> & {
    readonly shop: Pick<Shop, 'buy' | 'askByText' | 'journal' | 'wire'>;
  };

/** `/lab`: one page that shows a payment from all sides, and buttons that break the world around it. */
export function createLabPage(ports: LabPagePorts): Router {
  const { shop, log, publicUrl } = ports;
  const sources = createSources(ports);
  const experiments = createExperiments({ ...ports, sources });
  const style = loadAsset(new URL('./assets/lab.css', import.meta.url), '/lab/assets');
  const script = loadAsset(new URL('./assets/lab.js', import.meta.url), '/lab/assets');
  const devicesScript = loadAsset(new URL('./assets/devices.js', import.meta.url), '/lab/assets');
  const televisionScript = loadAsset(new URL('./assets/television.js', import.meta.url), '/lab/assets');
  const policy = contentPolicy(publicUrl);
  experiments.comeBack();

  /** What does not answer is left out: the page is looked at most when something is broken. */
  async function orElse<T>(instead: T, asking: Promise<T>): Promise<T> {
    return asking.catch((error: unknown) => {
      log.debug('the lab got no answer', { error });
      return instead;
    });
  }

  async function lookAt(payment: ShownPayment): Promise<Shown> {
    const { id } = payment;
    const [story, ledger, exchanges, mails] = await Promise.all([
      orElse(null, sources.story(id)),
      orElse([], sources.ledger(id)),
      orElse([], sources.bankExchanges(payment)),
      orElse(null, sources.mails(payment)),
    ]);
    const journal = shop.journal.about(id);
    return { payment, story, ledger, exchanges, mails, journal, wire: shop.wire.about(id) };
  }

  const router = Router({ caseSensitive: true });
  serveAssets(router, [style, script, devicesScript, televisionScript]);
  const devices = serveDevices(router, ports.telephone, log);
  const television = serveTelevision(router, ports, log);
  router.get('/lab', async (request, response) => {
    const chosen = queryOf(request).get('payment');
    const [recent, faults] = await Promise.all([orElse([], sources.recent()), orElse([], sources.faults())]);
    const payment = chosen === null ? (recent[0] ?? null) : await orElse(null, sources.payment(chosen));
    const shown = payment === null ? null : await lookAt(payment);
    const { canPullThePlug, hasTelephone } = experiments;
    const scripts = { devicesScript: devicesScript.path, televisionScript: televisionScript.path };
    const paths = { style: style.path, script: script.path, ...scripts };
    const view = {
      ...paths,
      recent,
      shown,
      faults,
      canPullThePlug,
      hasTelephone,
      devices: await devices.show(request),
      television: await television.show(payment?.id ?? ''),
    };
    response
      .set('content-security-policy', policy)
      .type('html')
      .send(labPage({ ...view, isFollowing: chosen === null }));
  });
  for (const name of EXPERIMENTS) {
    router.post(`/lab/experiments/${name}`, async (request, response) => {
      if (isFromElsewhere(request)) {
        response.status(403).end();
        return;
      }
      const language = request.acceptsLanguages(['en', 'fr']) === 'fr' ? 'fr' : 'en';
      const payment = await experiments.run[name](language);
      if (request.accepts(['html', 'json']) === 'json') response.status(202).json({ payment });
      else response.redirect(303, '/lab');
    });
  }
  return router;
}
