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
  readonly log: Logger
  readonly limits: MysqlLimits
  readonly clock: Clock
}

export interface MysqlServer {
  readonly address: string
  readonly port: number
  /** Open connections, those still logging in included. */
  connections(): number
  close(): Promise<void>
}

/** A peer that disappeared without a word is found by TCP after this and the system's probes. */
const KEEP_ALIVE_MS = 60_000
const CONNECTION_ID_MAX = 0xffff_ffff

export async function startMysqlServer(options: MysqlServerOptions): Promise<MysqlServer> {
  const { engine, limits, clock, log } = options
  const connections = new Map<number, Connection>()
  const context: ConnectionContext = {
    engine,
    limits,
    clock,
    log,
    tls: options.tls,
    budget: { used: 0, limit: limits.inboundBytes },
    statistics: {
      startedMs: clock.now(),
      nowMs: () => clock.now(),
      connections: () => connections.size,
      questions: 0,
    },
  }
  let lastId = 0
  let cancelSweep: (() => void) | undefined

  const sweep = (): void => {
    const nowMs = clock.now()
    for (const connection of connections.values()) connection.tick(nowMs)
    cancelSweep = connections.size > 0 ? clock.at(nowMs + limits.sweepMs, sweep) : undefined
  }
  const freeId = (): number => {
    do lastId = lastId === CONNECTION_ID_MAX ? 1 : lastId + 1
    while (connections.has(lastId))
    return lastId
  }
  const accept = (socket: Socket): void => {
    if (connections.size >= limits.connections) return turnAway(socket)
    const connection = openConnection(socket, freeId(), context)
    connections.set(connection.id, connection)
    cancelSweep ??= clock.at(clock.now() + limits.sweepMs, sweep)
    void connection.finished.then(() => connections.delete(connection.id))
  }
  engine.onKilled((sessionId) => connections.get(sessionId)?.leave({ interrupt: true }))

  const server = createServer(
    { noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_MS },
    accept,
  )
  await listening(server, options)
  server.on('error', (error) => log.error({ err: error }, 'accepting a client failed'))
  const bound = server.address()
  if (bound === null || typeof bound === 'string') throw new Error('not a TCP address')
  let closing: Promise<void> | undefined
  const close = async (): Promise<void> => {
    const closed = new Promise((done) => server.close(done))
    const open = [...connections.values()]
    for (const connection of open) connection.leave({ interrupt: false })
    let giveUp: (() => void) | undefined
    const tooLong = new Promise<void>((resolve) => {
      giveUp = clock.at(clock.now() + 2 * limits.drainMs, () => {
        log.warn({ connections: connections.size }, 'sessions did not close in time')
        resolve()
      })
    })
    await Promise.race([Promise.all(open.map((connection) => connection.finished)), tooLong])
    giveUp?.()
    await closed
    cancelSweep?.()
  }
  return {
    address: bound.address,
    port: bound.port,
    connections: () => connections.size,
    close: () => (closing ??= close()),
  }
}

function listening(server: Server, options: MysqlServerOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, options.host, () => {
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
