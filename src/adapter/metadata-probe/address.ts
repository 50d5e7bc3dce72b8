/**
 * Which addresses may be connected to on behalf of a client. `loopback` looks no names up but `localhost`: what is not meant
 * for this machine shall not even reach its resolver. `any` leaves out what is no server of a client's: link-local addresses, where
 * clouds keep the credentials of their machines, and groups of machines.
 */
import { lookup } from 'node:dns/promises'
import { BlockList, isIP } from 'node:net'

export type ProbeMode = 'off' | 'loopback' | 'any'

/** The address to connect to; undefined when there is none that is allowed. Rejects when the name cannot be looked up. */
export async function allowedAddress(
  host: string,
  mode: Exclude<ProbeMode, 'off'>,
): Promise<string | undefined> {
  if (isIP(host) !== 0) return isAllowed(host, mode) ? host : undefined
  if (mode === 'loopback') return host.toLowerCase() === 'localhost' ? '127.0.0.1' : undefined
  const found = await lookup(host, { all: true })
  return found.find(({ address }) => isAllowed(address, mode))?.address
}

/** The connection must go to the very address that was judged: a name may have another one a moment later. */
export function isAllowed(address: string, mode: Exclude<ProbeMode, 'off'>): boolean {
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
  return mode === 'loopback' ? loopback.check(address, family) : !nobodys.check(address, family)
}

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8)
loopback.addAddress('::1', 'ipv6')

const nobodys = new BlockList()
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['169.254.0.0', 16],
  ['224.0.0.0', 3],
] as const)
  nobodys.addSubnet(network, bits)
nobodys.addAddress('::', 'ipv6')
for (const [network, bits] of [
  ['fe80::', 10],
  ['ff00::', 8],
] as const)
  nobodys.addSubnet(network, bits, 'ipv6')
