/** `mongod` on the PATH, else the one fetched before; null when there is none. */
export function findMongod(): string | null;
/** `redis-server` on the PATH; null when there is none. */
export function findRedis(): string | null;
/** `mongosh` on the PATH, else the one fetched before; null when there is none. */
export function findMongosh(): string | null;
/** `nginx` on the PATH or where Debian puts it; null when there is none. */
export function findNginx(): string | null;
/** Fetches `mongod` and `mongosh` when they are not there and this machine can run them. Never throws. */
export function fetchServers(): void;
