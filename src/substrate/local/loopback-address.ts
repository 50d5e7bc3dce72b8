/**
 * An address of its own for each instance, so that every one of them answers on the standard ports as in the cloud. Linux answers
 * on all of 127.0.0.0/8; 127.77.0.0/16 is used here. Where that is not possible, instances share 127.0.0.1, each on ports that were
 * free when it was made and stay its own.
 */
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'

export interface Place {
  readonly host: string
  readonly ports: readonly number[]
}

const SHARED_HOST = '127.0.0.1'

/** Hosts 1 to 254 of 127.77.1.0 to 127.77.255.0; .0 and .255 are left out, as they mean something in other networks. */
const NETWORKS = 255
const HOSTS = 254
/** Addresses that are tried before the machine is taken for one that has none: others of this machine may hold a few. */
const TRIES_MAX = 256

/**
 * Where nobody listens yet. Each data directory begins in a network of its own, so that two servers of one machine that are asked
 * at the same moment do not both find the same address free.
 */
export async function freePlace(
  root: string,
  held: ReadonlySet<string>,
  standardPorts: readonly number[],
): Promise<Place> {
  let tries = 0
  for (const host of addressesFor(root)) {
    if (held.has(host)) continue
    if (await canListenOn(host, standardPorts)) return { host, ports: standardPorts }
    if (++tries === TRIES_MAX) break
    // The first one that could not be had tells whether this machine has such addresses at all.
    if (tries === 1 && !(await canListen(host, 0))) break
  }
  return { host: SHARED_HOST, ports: await freePorts(standardPorts.length) }
}

function* addressesFor(root: string): Generator<string> {
  const first = createHash('sha256').update(root).digest()[0] ?? 0
  for (let number = 0; number < NETWORKS * HOSTS; number++) {
    const network = (first + Math.floor(number / HOSTS)) % NETWORKS
    yield `127.77.${1 + network}.${1 + (number % HOSTS)}`
  }
}

async function canListenOn(host: string, ports: readonly number[]): Promise<boolean> {
  for (const port of ports.length === 0 ? [0] : ports)
    if (!(await canListen(host, port))) return false
  return true
}

/** Whether this machine lets a server listen there. */
function canListen(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen({ host, port, exclusive: true }, () => probe.close(() => resolve(true)))
  })
}

/** All at once, so that none is given twice. */
async function freePorts(count: number): Promise<readonly number[]> {
  const probes = Array.from({ length: count }, () => createServer().listen(0, SHARED_HOST))
  try {
    await Promise.all(probes.map((probe) => once(probe, 'listening')))
    return probes.map((probe) => (probe.address() as AddressInfo).port)
  } finally {
    await Promise.all(probes.map((probe) => new Promise((closed) => probe.close(closed))))
  }
}
