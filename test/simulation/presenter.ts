import type { Presenter } from '../../src/contracts/engine.js';

/** The least that a feed needs: the simulation proves money, not wording. */
export const plainPresenter: Presenter = {
  payment: ({ id, status }) => ({ id, status }),
  refund: (_payment, { id, status }) => ({ id, status }),
  reach: (_payment, { id }) => ({ id }),
  feed: ({ id, merchant, mode, status }, events) => ({
    merchant,
    mode,
    payment: id,
    events: events.map((event) => ({ ...event, object: id })),
    data: JSON.stringify({ [id]: { id, status } }),
  }),
};
