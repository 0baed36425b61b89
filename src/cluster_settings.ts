/** What may stand in the settings of a cluster; the sentences say how to mend it. */

export const MONGODB = 'mongodb://host:27017/guichet?replicaSet=rs0, or mongodb+srv://…';
export const REDIS = 'redis://host:6379, or rediss://… for TLS';

/** Several hosts may stand in it, which no URL parser takes; the driver reads it closely. */
export function isMongodbUrl(value: string): boolean {
  return /^mongodb(?:\+srv)?:\/\/(?:[^\s/@]+@)?[\w.\-:,[\]]+(?:\/[^\s/?#]*)?(?:\?[^\s#]*)?$/.test(value);
}

export function isRedisUrl(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, hostname, pathname, hash } = new URL(value);
  return /^rediss?:$/.test(protocol) && hostname !== '' && /^(?:|\/\d{0,2})$/.test(pathname) && hash === '';
}

/** Addresses of servers that are well formed, whatever else is wrong. */
export interface Servers {
  readonly mongodbUrl: string | null;
  readonly redisUrl: string | null;
}

export function serversIn(given: Readonly<Record<string, string>>): Servers {
  const { MONGODB_URL: mongodbUrl = '', REDIS_URL: redisUrl = '' } = given;
  return {
    mongodbUrl: isMongodbUrl(mongodbUrl) ? mongodbUrl : null,
    redisUrl: isRedisUrl(redisUrl) ? redisUrl : null,
  };
}

/** What a process of a cluster lacks beside what is malformed, looked for in what was not parsed yet. */
export function missingInCluster(given: Readonly<Record<string, string>>): string[] {
  const { MONGODB_URL: mongodbUrl, REDIS_URL: redisUrl, SANDBOX_URL: sandboxUrl, ROLE: role = 'all' } = given;
  const isCluster = mongodbUrl !== undefined || redisUrl !== undefined;
  const isProduction = given['NODE_ENV'] === 'production';
  const problems: string[] = [];
  if (redisUrl === undefined && mongodbUrl !== undefined && isMongodbUrl(mongodbUrl)) {
    problems.push(`REDIS_URL: required beside MONGODB_URL; give ${REDIS}`);
  }
  if (mongodbUrl === undefined && redisUrl !== undefined && isRedisUrl(redisUrl)) {
    problems.push(`MONGODB_URL: required beside REDIS_URL; give ${MONGODB}`);
  }
  if (!isCluster && (role === 'web' || role === 'worker')) {
    problems.push(`ROLE: ${role} is one part of a cluster; set MONGODB_URL and REDIS_URL too, or unset it`);
  }
  const isWhole =
    mongodbUrl !== undefined && isMongodbUrl(mongodbUrl) && redisUrl !== undefined && isRedisUrl(redisUrl);
  if (isWhole && !isProduction && given['PUBLIC_URL'] === undefined) {
    // Issuers and acquirers come back to whichever process: production requires it of everybody.
    problems.push('PUBLIC_URL: required in a cluster, whose processes are reached at one address; give it');
  }
  if (isCluster && isProduction && sandboxUrl === undefined) {
    problems.push('SANDBOX_URL: required in a production cluster, whose processes share no folder; give its address');
  }
  return problems;
}
