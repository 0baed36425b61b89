import { createHash, timingSafeEqual } from 'node:crypto';

/** Compares what somebody gives with one user name and password, without telling by its time how much of it was right. */
export function createCredentials({ username, password }: { readonly username: string; readonly password: string }) {
  const [expectedName, expectedSecret] = [digestOf(username), digestOf(password)];
  return (name: string, secret: string): boolean => {
    const isName = timingSafeEqual(expectedName, digestOf(name));
    const isSecret = timingSafeEqual(expectedSecret, digestOf(secret));
    return isName && isSecret;
  };
}

/** Of one length, so that comparing takes the same time for any text. */
function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
