import { EVENT_TYPES } from '../../../src/notify/event_types.js';
import { SETTINGS } from '../../../src/settings.js';

/** What the documentation is made of in tests, beside the routes. */
export const DOCUMENTED = {
  eventTypes: EVENT_TYPES,
  testCards: [{ number: '4242424242424242', meaning: 'approved' }],
  settings: SETTINGS,
  pages: ['/shop', '/lab', '/lab/mailbox', '/link'],
  version: '0.1.0',
  start: [{ href: '/docs', title: 'Documentation', text: 'every call and every error' }],
};
