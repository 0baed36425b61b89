import { Resolver } from 'node:dns/promises';
import type { Agent } from 'node:http';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { RequestFilteringHttpAgent, RequestFilteringHttpsAgent } from 'request-filtering-agent';

/** Code of the error when a name leads to an address that is never connected to. */
export const ADDRESS_NOT_ALLOWED = 'EADDRESSNOTALLOWED';

/** All addresses of a host name; throws when there is none. */
export type Resolve = (hostname: string) => Promise<readonly string[]>;

/**
 * @param loopback true for a URL on this machine, and only where the merchant may use one.
 * @returns null when the URL names an address outright that is never connected to.
 */
export type AgentFor = (url: URL, loopback: boolean) => Agent | null;

const LOOPBACK = ['127.0.0.1', '::1'];

/**
 * What the filtering agent takes for public and is not. Two lists, for a `BlockList` reads an address of IPv4 as one of IPv6
 * (::ffff:…) as well, and the rule for IPv6 below would hold for all of them.
 */
const OVERLOOKED = { 4: new BlockList(), 6: new BlockList() };
// Answers with a cloud's own secrets to machines that run there.
OVERLOOKED[4].addAddress('168.63.129.16');
// All of IPv6 but 2000::/3 (RFC 4291, section 2.4): with it go addresses that wrap one of IPv4, such as ::7f00:1.
OVERLOOKED[6].addSubnet('::', 3, 'ipv6');
OVERLOOKED[6].addSubnet('4000::', 2, 'ipv6');
OVERLOOKED[6].addSubnet('8000::', 1, 'ipv6');

function isOverlooked(address: string): boolean {
  return isIP(address) === 6 ? OVERLOOKED[6].check(address, 'ipv6') : OVERLOOKED[4].check(address, 'ipv4');
}

/**
 * Agents that connect to public addresses only, and their exception for loopback. The address is checked where the socket is
 * opened, on what the name led to at that moment, and the socket goes to the address that was checked: a name that changes
 * between check and use gains nothing. Sockets are not kept, so that every send looks again.
 */
export function createAgents(resolve: Resolve = resolveByDns()): AgentFor {
  const outside = new RequestFilteringHttpsAgent({ keepAlive: false, lookup: lookupWith(checked(resolve)) });
  const options = { keepAlive: false, lookup: lookupWith(async () => LOOPBACK), allowIPAddressList: LOOPBACK };
  const here = new RequestFilteringHttpAgent(options);
  const hereSecured = new RequestFilteringHttpsAgent(options);
  return (url, loopback) => {
    if (loopback) return url.protocol === 'https:' ? hereSecured : here;
    const host = url.hostname.replace(/^\[|\]$/g, '');
    return isIP(host) !== 0 && isOverlooked(host) ? null : outside;
  };
}

function checked(resolve: Resolve): Resolve {
  return async (hostname) => {
    const addresses = await resolve(hostname);
    if (!addresses.some(isOverlooked)) return addresses;
    throw Object.assign(new Error('an address is not public'), { code: ADDRESS_NOT_ALLOWED });
  };
}

/**
 * Asks the name servers directly. `dns.lookup` would take one of the few threads of the process for as long as a slow name
 * server likes, and hold up whatever else waits for a thread.
 */
export function resolveByDns(servers?: readonly string[]): Resolve {
  const resolver = new Resolver({ timeout: 2_000, tries: 2 });
  if (servers) resolver.setServers(servers);
  return async (hostname) => {
    const [four, six] = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)]);
    const found = [four, six].flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
    if (found.length === 0 && four.status === 'rejected') throw four.reason;
    return found;
  };
}

/** Node's lookup callback over `resolve`. The agent puts its check of every address between this and the socket. */
function lookupWith(resolve: Resolve): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname).then(
      (found) => {
        const addresses = found.map((address) => ({ address, family: isIP(address) }));
        const [first] = addresses;
        if (!first) callback(Object.assign(new Error('no address'), { code: 'ENOTFOUND' }), '');
        else if (options.all) callback(null, addresses);
        else callback(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => callback(error, ''),
    );
  };
}
