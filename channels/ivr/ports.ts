import type { CallDesk, CallNews, CallReports, KeyedCards } from '../../src/contracts/calls.js';
import type { Log } from '../../src/contracts/log.js';
import type { SignedRequests } from '../../src/contracts/telephone.js';
import type { Say } from '../catalogue/index.js';

/** All that the telephone channel is given. It keeps nothing between two webhooks. */
export interface IvrPorts {
  readonly desk: CallDesk;
  readonly keyedCards: KeyedCards;
  readonly reports: CallReports;
  readonly news: CallNews;
  readonly signed: SignedRequests;
  /** The catalogue's wordings for speech. */
  readonly say: Say;
  /** How the world reaches us, without a slash at its end: the provider signs what begins with it. */
  readonly publicUrl: string;
  /** The number that is everybody's, E.164. */
  readonly sharedNumber: string;
  /** The name of our pay connector at the provider. */
  readonly payConnector: string;
  /** Whether these are the Basic credentials of our pay connector, compared in constant time. */
  isConnector(username: string, password: string): boolean;
  readonly log: Log;
}
