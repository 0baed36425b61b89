/** Of all keys in Redis that are ours. */
export const PREFIX = 'guichet';

/** `authorization`: payments whose operations wait for a worker. The others only say that a duty has something to do. */
export const QUEUES = ['authorization', 'notification', 'timers'] as const;
export type QueueName = (typeof QUEUES)[number];

/** Nothing is tried again by the queue and nothing is left behind in it: what is not done yet stands in the store. */
export const ADDED = { attempts: 1, removeOnComplete: true, removeOnFail: true } as const;
