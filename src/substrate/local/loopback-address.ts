/**
 * Addresses of instances and their nodes, so that every one of them answers on the standard ports as in the cloud. Linux answers
 * on all of 127.0.0.0/8; instances have theirs in 127.77.0.0/16, and nodes with processes of their own in the networks above it.
 * Where that is not possible, all share 127.0.0.1, each on ports that were free when it was made and stay its own.
 */
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'

const SHARED_HOST = '127.0.0.1'

/** Hosts 1 to 254 of 127.77.1.0 to 127.77.255.0; .0 and .255 are left out, as they mean something in other networks. */
const NETWORKS = 255
const HOSTS = 254
/** Addresses that are tried before the machine is taken for one that has none: others of this machine may hold a few. */
const TRIES_MAX = 256
/** Networks above an instance's own address, each with one more address of the same ending. */
const NODE_ADDRESSES = 255

/**
 * An address that nobody listens on yet. Each data directory begins at a place of its own among some sixty thousand, so that
 * two servers of one machine that allocate at the same moment do not both find the same address free. The shared one when the machine has no others.
 */
export async function freeHost(
  root: string,
  held: ReadonlySet<string>,
  ports: readonly number[],
): Promise<string> {
  let tries = 0
  for (const host of addressesFor(root)) {
    if (held.has(host)) continue
    if (await canListenOn(host, ports)) return host
    if (++tries === TRIES_MAX) break
    // The first one that could not be had shows whether this machine has such addresses at all.
    if (tries === 1 && !(await canListen(host, 0))) break
  }
  return SHARED_HOST
}

/** The standard ports, or as many free ones where the address is shared. */
export async function portsOn(
  host: string,
  standardPorts: readonly number[],
): Promise<readonly number[]> {
  return host === SHARED_HOST ? freePorts(standardPorts.length) : standardPorts
}

/**
 * An address for one more node of the instance: the instance's own, or one of the same ending. They are used again only beyond
 * 255 nodes.
 */
export function nodeAddress(host: string, held: ReadonlySet<string>): string {
  const [, second = '0', third = '0', fourth = '1'] = host.split('.')
  const numbered = (number: number) =>
    `127.${(Number(second) + number) % NODE_ADDRESSES}.${third}.${fourth}`
  for (let number = 0; number < NODE_ADDRESSES; number++)
    if (!held.has(numbered(number))) return numbered(number)
  return numbered(held.size)
}

/** The same for a node whose own process listens there. */
export function listenAddress(host: string, held: ReadonlySet<string>): string {
  return host === SHARED_HOST ? SHARED_HOST : nodeAddress(host, held)
}

function* addressesFor(root: string): Generator<string> {
  const first = createHash('sha256').update(root).digest().readUInt32BE(0)
  for (let number = 0; number < NETWORKS * HOSTS; number++) {
    const at = (first + number) % (NETWORKS * HOSTS)
    yield `127.77.${1 + Math.floor(at / HOSTS)}.${1 + (at % HOSTS)}`
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

/** One that nobody listens on now. */
export async function freePort(host: string): Promise<number> {
  const [port = 0] = await freePorts(1, host)
  return port
}

/** All at once, so that none is allocated twice. */
async function freePorts(count: number, host = SHARED_HOST): Promise<readonly number[]> {
  const probes = Array.from({ length: count }, () => createServer().listen(0, host))
  try {
    await Promise.all(probes.map((probe) => once(probe, 'listening')))
    return probes.map((probe) => (probe.address() as AddressInfo).port)
  } finally {
    await Promise.all(probes.map((probe) => new Promise((closed) => probe.close(closed))))
  }
}
