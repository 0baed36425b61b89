import { fileURLToPath } from 'node:url';
import { Router } from 'express';
import type { Config } from '../config.js';
import type { Picture } from '../contracts/picture.js';
import { createLabPage } from '../lab/page/index.js';
import { createShop } from '../lab/shop/index.js';
import { DEMO_KEY } from '../merchants/keys.js';
import { readLogo } from '../operator_logo.js';
import { DEMO_OPERATOR, DEMO_OPERATOR_SECRET } from '../operators/demo.js';
import { DEMO_ACCOUNT } from '../payers/demo.js';
import type { Bank } from './bank.js';
import type { Foundation } from './foundation.js';
import { forThisMachine } from './neighbours.js';
import type { Parts } from './parts.js';
import { devicesOf } from './switchboard.js';

/** The demo shop and the lab: guests in the house, which use its merchant API like anybody else. */
export interface Lab {
  /** Answers this machine only; for everybody else there is nothing. */
  readonly router: Router;
  /** What the shop does in the background; answers when to call it again. */
  run(): Promise<number | null>;
  /** The demo merchant's: drawn by us and given by the house, as no address of this machine is ever fetched from. */
  readonly logo: Picture | null;
  close(): void;
}

/** Null where there are no demo objects, as in production. */
export function openLab(config: Config, parts: Parts, { demo, merchants }: Foundation, bank: Bank): Lab | null {
  if (demo === null) return null;
  const { publicUrl, dataDir: dataFolder } = config;
  const { clock, ids, log, pullThePlug } = parts;
  const key = DEMO_KEY;
  const returnSecret = merchants.returnSecret(demo);
  const shop = createShop({ publicUrl, key, returnSecret, dataFolder, clock, ids, log });
  const page = createLabPage({
    ...{ publicUrl, key, sandbox: bank.sandbox, telephone: devicesOf(config), clock, ids, log },
    operator: { id: DEMO_OPERATOR.id, secret: DEMO_OPERATOR_SECRET, household: DEMO_ACCOUNT },
    shop,
    pullThePlug: pullThePlug ?? null,
  });
  const router = Router({ caseSensitive: true });
  router.use(forThisMachine, shop.router, page);
  const logo = readLogo(fileURLToPath(new URL('../lab/shop/assets/logo.svg', import.meta.url)));
  return { router, run: shop.run, logo, close: shop.close };
}
