import { lookup } from 'node:dns';
import { lookup as lookupPromise } from 'node:dns/promises';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/**
 * Which addresses are public: those that the registries of IANA for special purposes (RFC 6890 and its successors) do not name. Addresses that
 * carry an IPv4 address inside are judged by that one.
 */
const privateV4 = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const)
  privateV4.addSubnet(network, prefix, 'ipv4');

/** Everything public lies in 2000::/3, but for these. */
const privateV6 = new BlockList();
for (const [network, prefix] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['3fff::', 20],
] as const)
  privateV6.addSubnet(network, prefix, 'ipv6');

const prefixes = {
  global: subnet('2000::', 3),
  mapped: subnet('::ffff:0:0', 96),
  nat64: subnet('64:ff9b::', 96),
  sixToFour: subnet('2002::', 16),
} as const;

function subnet(network: string, prefix: number): BlockList {
  const list = new BlockList();
  list.addSubnet(network, prefix, 'ipv6');
  return list;
}

export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !privateV4.check(address, 'ipv4');
  // A zone such as fe80::1%eth0 belongs to one machine.
  if (family !== 6 || address.includes('%')) return false;
  const embedded = embeddedV4(address);
  if (embedded !== undefined) return !privateV4.check(embedded, 'ipv4');
  return prefixes.global.check(address, 'ipv6') && !privateV6.check(address, 'ipv6');
}

function embeddedV4(address: string): string | undefined {
  const groups = sixteenBits(address);
  const at = prefixes.sixToFour.check(address, 'ipv6')
    ? 1
    : prefixes.mapped.check(address, 'ipv6') || prefixes.nat64.check(address, 'ipv6')
      ? 6
      : undefined;
  if (at === undefined) return undefined;
  const [high = 0, low = 0] = groups.slice(at, at + 2);
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}

/** The eight groups; an address that URL takes is written in one way only. */
function sixteenBits(address: string): number[] {
  const [head = '', tail] = new URL(`http://[${address}]/`).hostname.slice(1, -1).split('::', 2);
  const parse = (part: string) => (part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16)));
  const [first, last] = [parse(head), parse(tail ?? '')];
  return tail === undefined ? first : [...first, ...Array<number>(8 - first.length - last.length).fill(0), ...last];
}

export function firstPrivate(addresses: readonly string[]): string | undefined {
  return addresses.find((address) => !isPublicAddress(address));
}

export async function resolveHost(host: string): Promise<string[]> {
  return (await lookupPromise(host, { all: true })).map(({ address }) => address);
}

export class PrivateAddress extends Error {
  constructor(host: string, address: string) {
    super(`${host} leads to ${address}, which is not public`);
  }
}

/**
 * Looks hosts up for a connection and refuses those of which any address is private. The connection is made to what was checked, so a name
 * that changes its meaning in between gains nothing.
 */
export const guardedLookup: LookupFunction = (host, options, callback) => {
  lookup(host, { ...options, all: true }, (error, found) => {
    if (error !== null) return callback(error, []);
    const address = firstPrivate(found.map((each) => each.address));
    if (address !== undefined) return callback(new PrivateAddress(host, address), []);
    if (options.all === true) return callback(null, found);
    const [first] = found;
    return callback(null, first?.address ?? '', first?.family ?? 4);
  });
};
