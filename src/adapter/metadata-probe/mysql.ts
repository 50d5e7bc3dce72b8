/**
 * Probes a MySQL-compatible database (MySQL, MariaDB, StarRocks) as a JDBC driver would begin: connect, log in, choose the
 * database. The protocol is mysql2's; this adds what a server needs that connects on behalf of others (src/probe/address.ts),
 * and an end to everything: time, bytes, number.
 */
import { connect, type Socket } from 'node:net'
import { Fault } from '../../domain/fault.ts'
import type {
  MetadataDatabase,
  MetadataProbe,
  ProbeFailure,
  ProbePass,
} from '../../port/metadata-probe.ts'
import { limits } from '../../limits.ts'
import { allowedAddress, type ProbeMode } from './address.ts'

export interface MysqlProbeOptions {
  readonly mode: ProbeMode
  readonly timeoutMs?: number
}

export function mysqlProbe({ mode, timeoutMs = limits.probeMs }: MysqlProbeOptions): MetadataProbe {
  let underWay = 0
  return {
    async check(it) {
      if (mode === 'off') return 'off'
      if (underWay >= limits.probesAtOnce)
        throw new Fault('Overloaded', { what: 'metadata probes' })
      underWay++
      try {
        return await within(timeoutMs, (late) => ask(it, mode, late))
      } finally {
        underWay--
      }
    },
  }
}

type Outcome = ProbePass | ProbeFailure

/** What takes too long is unreachable, wherever it hangs. */
async function within(ms: number, work: (late: AbortSignal) => Promise<Outcome>): Promise<Outcome> {
  const late = new AbortController()
  const { promise, resolve } = Promise.withResolvers<Outcome>()
  const timer = setTimeout(() => {
    resolve('unreachable')
    late.abort()
  }, ms)
  try {
    return await Promise.race([work(late.signal), promise])
  } finally {
    clearTimeout(timer)
    late.abort()
  }
}

async function ask(
  it: MetadataDatabase,
  mode: Exclude<ProbeMode, 'off'>,
  late: AbortSignal,
): Promise<Outcome> {
  let address: string | undefined
  try {
    address = await allowedAddress(it.host, mode)
  } catch {
    return 'unreachable'
  }
  if (address === undefined) return 'not-allowed'
  const secured = await logIn(it, { address, late, secure: true })
  if (secured !== NO_TLS) return secured
  const plain = await logIn(it, { address, late, secure: false })
  return plain === NO_TLS ? 'unreachable' : plain
}

/** The server has no TLS: said before anything secret was sent. */
const NO_TLS = 'HANDSHAKE_NO_SSL_SUPPORT'

interface Way {
  readonly address: string
  readonly late: AbortSignal
  readonly secure: boolean
}

/** As a JDBC driver does by default: with TLS where the server has it, whatever authority signed its certificate. */
async function logIn(
  { port, user, password, database }: MetadataDatabase,
  { address, late, secure }: Way,
): Promise<Outcome | typeof NO_TLS> {
  // Loaded here and not above: most servers never probe a database.
  const { createConnection } = await import('mysql2/promise')
  const stream = bounded(connect({ host: address, port, signal: late }))
  try {
    const connection = await createConnection({
      user,
      password,
      database,
      stream,
      connectTimeout: limits.probeMs,
      // A hostile server could ask for files of this machine; it is not offered that it may.
      flags: ['-LOCAL_FILES'],
      ...(secure ? { ssl: { rejectUnauthorized: false } } : {}),
    })
    connection.destroy()
    return 'answered'
  } catch (problem) {
    const { code, errno } = problem as { code?: unknown; errno?: unknown }
    return code === NO_TLS ? NO_TLS : meaningOf(errno)
  } finally {
    stream.destroy()
  }
}

function bounded(socket: Socket): Socket {
  let bytes = 0
  socket.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > limits.probeBytes) socket.destroy()
  })
  // The driver reports the failure to the reader of the socket; a listener of our own keeps a late error from ending the process.
  return socket.on('error', () => socket.destroy())
}

/** By MySQL's own error numbers; anything else is a database that could not be talked to. */
function meaningOf(errno: unknown): ProbeFailure {
  if (errno === 1045 || errno === 1044 || errno === 1698) return 'denied'
  return errno === 1049 ? 'no-database' : 'unreachable'
}
