import { createServer } from 'node:net';
import { type Config, listeningOn } from '../config.js';

/** The configuration with the port that we will have, known before anything is built that tells it to others. */
export async function withPort(config: Config): Promise<Config> {
  if (config.listen.port !== 0) return config;
  const probe = createServer();
  const port = await new Promise<number>((resolve, reject) => {
    probe.once('error', reject);
    probe.listen(0, config.listen.host, () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
  return listeningOn(config, port);
}
