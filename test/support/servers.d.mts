/** `mongod` on the PATH, else the one fetched before; null when there is none. */
export function findMongod(): string | null;
/** `redis-server` on the PATH; null when there is none. */
export function findRedis(): string | null;
/** Fetches `mongod` when there is none and this machine can run it. Never throws. */
export function fetchServers(): void;
