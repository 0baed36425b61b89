import type { Flow } from '../src/contracts/flow.js';
import { card } from './card.js';

/** Every flow of this release. A released version stays listed until no open payment names it; the newest takes new attempts. */
export const flows: readonly Flow[] = [card];

/**
 * Versions that ship dark: carried on here, and begun with only where the setting FLOWS names them. The release after moves
 * them up: by then every process that may meet such a payment knows them, one that was rolled back included.
 */
export const darkFlows: readonly Flow[] = [];
