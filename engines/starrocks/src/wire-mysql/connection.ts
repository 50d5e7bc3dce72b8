/**
 * The life of one connection: log in, then one command after the other, until either side ends it. The session is
 * closed exactly once, after whatever ran for it has unwound; a peer that disappears interrupts its statement.
 */
import { abandonPacket } from './packet-output.ts'
import type { Socket } from 'node:net'
import type { Clock } from '../../../../src/kernel/clock.ts'
import type { Logger } from '../../../../src/kernel/log.ts'
import type { EntryPolicy } from '../entry-policy.ts'
import { SqlError } from '../session.ts'
import type { Engine } from '../session.ts'
import type { AuthenticationExchange } from './authentication.ts'
import { capability } from './capability.ts'
import { openChannel } from './channel.ts'
import type { Channel } from './channel.ts'
import type { InboundBudget } from './inbound.ts'
import { isFatalToRefuse, runCommand } from './command.ts'
import type { Conversation, ServerStatistics } from './conversation.ts'
import type { MysqlLimits } from './mysql-limits.ts'
import { login } from './login.ts'
import type { Login } from './login.ts'
import { writeError, writeOk } from './message.ts'
import { authenticationSalt } from './native-password.ts'
import { ConnectionLost, FramingError, MalformedPacket, refusal } from './protocol-error.ts'
import { statementStore } from './prepared-statement.ts'

export interface ConnectionContext {
  readonly engine: Engine
  readonly limits: MysqlLimits
  readonly clock: Clock
  readonly log: Logger
  readonly entryPolicy: EntryPolicy
  readonly budget: InboundBudget
  readonly statistics: ServerStatistics
}

export interface Connection {
  readonly id: number
  /** Deadlines and late output; called by the server's sweep. */
  tick(nowMs: number): void
  /** No further command: an idle client is cut now, a running statement may end by then (`interrupt`: is interrupted). */
  leave(options: { readonly interrupt: boolean }): void
  /** Resolves when socket and session are closed; never rejects. */
  readonly finished: Promise<void>
}

export function openConnection(
  socket: Socket,
  { id, entry }: { readonly id: number; readonly entry: string },
  context: ConnectionContext,
): Connection {
  const { engine, limits, clock, budget } = context
  const channel = openChannel({ socket, limits, clock, budget })
  const log = context.log.child({ connection: id, remote: channel.remoteHost })
  const state: ConnectionState = { client: undefined, busy: true, leaving: false }
  channel.onClosed(() => {
    if (state.busy) interrupt(state, log)
  })
  const exchange: AuthenticationExchange = {
    channel,
    engine,
    salt: authenticationSalt(),
    untilMs: clock.now() + limits.handshakeMs,
    frontend: context.entryPolicy.frontend(entry),
  }

  const live = async (): Promise<void> => {
    try {
      const accepted = await logIn(exchange, id, { ...context, log })
      state.client = accepted
      writeOk(channel.out)
      channel.flush()
      await converse(accepted, state, context)
    } catch (error) {
      report(error, state, channel, log)
    } finally {
      channel.end()
      await closeSession(state, log)
    }
  }
  return {
    id,
    tick: (nowMs) => channel.tick(nowMs),
    leave(options) {
      state.leaving = true
      if (!state.busy || !state.client) return channel.end()
      channel.endBy(clock.now() + limits.drainMs)
      if (options.interrupt) interrupt(state, log)
    },
    finished: Promise.all([live(), new Promise<void>((done) => channel.onClosed(done))]).then(
      () => undefined,
    ),
  }
}

/** A name and a version; a log line is no place for more. */
const DRIVER_CHARACTERS_MAX = 64

interface ConnectionState {
  client: Conversation | undefined
  /** Something runs for this client; not while it is waited for. */
  busy: boolean
  leaving: boolean
}

/** What drivers say about themselves. Other attributes are the application's and may hold anything: never logged. */
function driverOf(attributes: ReadonlyMap<string, string>): object {
  const said = (name: string) => attributes.get(name)?.slice(0, DRIVER_CHARACTERS_MAX)
  return { driver: said('_client_name'), driverVersion: said('_client_version') }
}

/** Runs inside socket and clock events, where an error of the engine's would end the process. */
function interrupt({ client }: ConnectionState, log: Logger): void {
  try {
    if (client?.sessionOpen) client.session.interrupt()
  } catch (error) {
    log.error({ err: error }, 'interrupting a statement failed')
  }
}

async function closeSession({ client }: ConnectionState, log: Logger): Promise<void> {
  if (!client?.sessionOpen) return
  try {
    await client.session.close()
  } catch (error) {
    log.error({ err: error }, 'closing a session failed')
  }
}

async function logIn(
  exchange: AuthenticationExchange,
  id: number,
  context: ConnectionContext,
): Promise<Conversation> {
  const { limits, statistics } = context
  const { session, capabilities, attributes }: Login = await login(
    exchange,
    id,
    context.entryPolicy.tls(),
  )
  exchange.channel.admit()
  context.log.debug(
    { user: session.user, encrypted: exchange.channel.encrypted, ...driverOf(attributes) },
    'client logged in',
  )
  return {
    id,
    exchange,
    channel: exchange.channel,
    capabilities,
    statistics,
    statements: statementStore(limits),
    session,
    sessionOpen: true,
    changeUserUntilMs: () => context.clock.now() + limits.handshakeMs,
    multiStatements: (capabilities & capability.multiStatements) !== 0,
  }
}

async function converse(
  client: Conversation,
  state: ConnectionState,
  context: ConnectionContext,
): Promise<void> {
  const { channel } = client
  const { clock, limits, statistics } = context
  while (!state.leaving) {
    state.busy = false
    const idleMs = Math.min(limits.idleMs, client.session.idleSeconds * 1000)
    const { payload, sequence } = await channel.read(0, clock.now() + idleMs)
    state.busy = true
    statistics.questions++
    channel.out.sequence = (sequence + 1) & 0xff
    try {
      await runCommand(client, payload)
    } catch (error) {
      const answer = refusalOf(error, context.log)
      abandonPacket(channel.out)
      writeError(channel.out, answer)
      if (isFatalToRefuse(payload)) return
    }
    channel.flush()
    await channel.ready()
  }
}

/** The error that the client gets; rethrows what ends the connection. An unexpected error is logged, never shown. */
function refusalOf(error: unknown, log: Logger): SqlError {
  if (error instanceof SqlError) return error
  if (error instanceof MalformedPacket) return refusal.malformed()
  if (error instanceof ConnectionLost || error instanceof FramingError) throw error
  log.error({ err: error }, 'a command failed unexpectedly')
  return refusal.internal()
}

/** The last answer of a connection that ends by an error. */
function report(error: unknown, state: ConnectionState, channel: Channel, log: Logger): void {
  if (error instanceof ConnectionLost) return
  let answer: SqlError
  if (error instanceof FramingError) {
    answer = error.refusal
    channel.out.sequence = channel.answerSequence
  } else if (error instanceof MalformedPacket && !state.client) answer = refusal.badHandshake()
  else answer = refusalOf(error, log)
  log.info({ errno: answer.errno }, 'connection refused')
  abandonPacket(channel.out)
  writeError(channel.out, answer)
}
