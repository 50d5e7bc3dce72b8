/**
 * The MySQL protocol server: accepts clients on one address and gives each a session of the engine.
 *
 * Errors: listening fails with Node's own error (EADDRINUSE …). Nothing that a client does ends the server.
 * `close` stops listening, cuts idle clients, lets running statements end within `limits.drainMs`, then cuts them; it
 * does not wait longer than that again for a session that will not close.
 */
import { takeFinished, packetOutput } from './packet-output.ts'
import { createServer } from 'node:net'
import type { Server, Socket } from 'node:net'
import type { SecureContext } from 'node:tls'
import type { Clock } from '../../../../src/kernel/clock.ts'
import type { Logger } from '../../../../src/kernel/log.ts'
import { openEntryPolicy } from '../entry-policy.ts'
import type { EntryPolicy, Arrival, EntryAddress, Listener } from '../entry-policy.ts'
import type { Engine } from '../session.ts'
import { openConnection } from './connection.ts'
import type { Connection, ConnectionContext } from './connection.ts'
import type { MysqlLimits } from './mysql-limits.ts'
import { writeError } from './message.ts'
import { refusal } from './protocol-error.ts'

export interface MysqlServerOptions {
  readonly engine: Engine
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
  /** Offers TLS to clients; without it, only mysql_native_password. */
  readonly tls?: SecureContext
  /** Who may come in, and with which TLS; without it, everyone with `tls`. */
  readonly entryPolicy?: EntryPolicy
  readonly log: Logger
  readonly limits: MysqlLimits
  readonly clock: Clock
}

export interface MysqlServer {
  readonly address: string
  readonly port: number
  /** Open connections, those still logging in included. */
  connections(): number
  /** Clients may come by one more address. Rejects when it cannot be listened on. */
  open(entry: EntryAddress, port: number): Promise<Listener>
  /** Ends connections that may not stay: of entries that are gone, or addresses that are not let in any more. */
  review(): void
  close(): Promise<void>
}

/** A peer that disappeared silently is found by TCP after this and the system's probes. */
const KEEP_ALIVE_MS = 60_000
const CONNECTION_ID_MAX = 0xffff_ffff

export async function startMysqlServer(options: MysqlServerOptions): Promise<MysqlServer> {
  const { engine, limits, clock, log } = options
  const connections = new Map<number, { readonly connection: Connection; readonly by: Arrival }>()
  const { entryPolicy = openEntryPolicy(options.tls) } = options
  const context: ConnectionContext = {
    engine,
    limits,
    clock,
    log,
    entryPolicy,
    budget: { used: 0, limit: limits.inboundBytes },
    statistics: {
      startedMs: clock.now(),
      nowMs: () => clock.now(),
      connections: () => connections.size,
      questions: 0,
    },
  }
  let cancelSweep: (() => void) | undefined

  const sweep = (): void => {
    const nowMs = clock.now()
    for (const { connection } of connections.values()) connection.tick(nowMs)
    cancelSweep = connections.size > 0 ? clock.at(nowMs + limits.sweepMs, sweep) : undefined
  }
  const freeId = idSequence((id) => connections.has(id))
  const accept = (socket: Socket, entry: string): void => {
    const by = { entry, remote: socket.remoteAddress, local: socket.localAddress }
    // Without a word, as a packet filter would: whoever floods the port costs no more than this.
    if (!entryPolicy.admits(by)) return void socket.resetAndDestroy()
    if (connections.size >= limits.connections) return turnAway(socket)
    const connection = openConnection(socket, { id: freeId(), entry }, context)
    connections.set(connection.id, { connection, by })
    cancelSweep ??= clock.at(clock.now() + limits.sweepMs, sweep)
    void connection.finished.then(() => connections.delete(connection.id))
  }
  engine.onKilled((sessionId) => connections.get(sessionId)?.connection.leave({ interrupt: true }))

  const servers = new Set<Server>()
  const open = async (entry: EntryAddress, port: number): Promise<Server> => {
    const server = await listen(options, { ...entry, port }, (socket) => accept(socket, entry.name))
    servers.add(server)
    return server
  }
  const first = await open({ name: '', host: options.host }, options.port)
  const bound = first.address()
  if (bound === null || typeof bound === 'string') throw new Error('not a TCP address')
  let closing: Promise<void> | undefined
  const close = async (): Promise<void> => {
    const left = [...connections.values()].map(({ connection }) => connection)
    await drain(options, [...servers], left)
    cancelSweep?.()
  }
  return {
    address: bound.address,
    port: bound.port,
    connections: () => connections.size,
    async open(entry, port) {
      const server = await open(entry, port)
      return {
        close() {
          servers.delete(server)
          server.close()
        },
      }
    },
    review() {
      for (const { connection, by } of connections.values())
        if (!entryPolicy.admits(by)) connection.leave({ interrupt: true })
    },
    close: () => (closing ??= close()),
  }
}

/** Numbers that are not taken, one after the other. */
function idSequence(isTaken: (id: number) => boolean): () => number {
  let last = 0
  return () => {
    do last = last === CONNECTION_ID_MAX ? 1 : last + 1
    while (isTaken(last))
    return last
  }
}

/** Idle clients are cut, and others end by themselves or in time. */
async function drain(
  { clock, limits, log }: Pick<MysqlServerOptions, 'clock' | 'limits' | 'log'>,
  servers: readonly Server[],
  left: readonly Connection[],
): Promise<void> {
  const closed = Promise.all(servers.map((server) => new Promise((done) => server.close(done))))
  for (const connection of left) connection.leave({ interrupt: false })
  let giveUp: (() => void) | undefined
  const tooLong = new Promise<void>((resolve) => {
    giveUp = clock.at(clock.now() + 2 * limits.drainMs, () => {
      log.warn({ connections: left.length }, 'sessions did not close in time')
      resolve()
    })
  })
  await Promise.race([Promise.all(left.map((connection) => connection.finished)), tooLong])
  giveUp?.()
  await closed
}

async function listen(
  { log }: Pick<MysqlServerOptions, 'log'>,
  at: Pick<MysqlServerOptions, 'host' | 'port'>,
  accept: (socket: Socket) => void,
): Promise<Server> {
  const server = createServer(
    { noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_MS },
    accept,
  )
  await listening(server, at)
  server.on('error', (error) => log.error({ err: error }, 'accepting a client failed'))
  return server
}

function listening(server: Server, at: Pick<MysqlServerOptions, 'host' | 'port'>): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(at.port, at.host, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

/** The client is still waiting for the first word, so it gets the refusal instead of a greeting. */
function turnAway(socket: Socket): void {
  const out = packetOutput(1_024)
  writeError(out, refusal.tooManyConnections(), true)
  socket.on('error', () => socket.destroy())
  socket.end(takeFinished(out), () => socket.destroy())
}
