/**
 * An address of its own for each instance, so that every one of them answers on the standard ports as in the cloud. Linux answers
 * on all of 127.0.0.0/8; 127.77.0.0/16 is used here. Where that is not possible, instances share 127.0.0.1 on free ports.
 */
import { createServer } from 'node:net'

export const SHARED_HOST = '127.0.0.1'

/** Hosts 1.1 to 255.254 of 127.77.0.0/16; .0 and .255 are left out, as they mean something in other networks. */
const ADDRESSES_MAX = 255 * 254

/** The first address that nobody holds, starting behind the highest. Undefined when all are held. */
export function freeAddress(held: ReadonlySet<string>): string | undefined {
  for (let number = 0; number < ADDRESSES_MAX; number++) {
    const address = `127.77.${1 + Math.floor(number / 254)}.${1 + (number % 254)}`
    if (!held.has(address)) return address
  }
  return undefined
}

/** Whether this machine lets a server listen there. */
export function canListen(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen({ host, port, exclusive: true }, () => probe.close(() => resolve(true)))
  })
}
