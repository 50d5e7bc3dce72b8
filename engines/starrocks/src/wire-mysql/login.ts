/**
 * From an accepted socket to a session: greeting, TLS on request, authentication, session. A refusal is thrown as
 * SqlError (the caller answers it and closes); a packet that cannot be read is answered 1043.
 */
import type { SecureContext } from 'node:tls'
import type { OpenSession, Session, UserIdentity } from '../session.ts'
import { authenticate } from './authentication.ts'
import type { AuthenticationExchange } from './authentication.ts'
import { OFFERED_CAPABILITIES, capability } from './capability.ts'
import { readClientAnswer, writeGreeting } from './handshake.ts'
import type { Claim, ClientAnswer } from './handshake.ts'
import { MalformedPacket, refusal } from './protocol-error.ts'

export interface Login {
  readonly session: Session
  readonly capabilities: number
  readonly attributes: ReadonlyMap<string, string>
}

export async function login(
  exchange: AuthenticationExchange,
  connectionId: number,
  tls: SecureContext | undefined,
): Promise<Login> {
  const { channel, engine, salt } = exchange
  const offered = OFFERED_CAPABILITIES | (tls ? capability.tls : 0)
  writeGreeting(channel.out, {
    serverVersion: engine.serverVersion,
    connectionId,
    salt,
    capabilities: offered,
  })
  let answer = await readAnswer(exchange, offered)
  if (answer.kind === 'tls' && tls) {
    await channel.secure(tls, exchange.untilMs)
    answer = await readAnswer(exchange, offered)
  }
  if (answer.kind === 'tls') throw refusal.badHandshake()
  const identity = await proveClaim(exchange, answer.claim)
  const { database } = answer.claim
  const session = await openProven(exchange, { id: connectionId, identity, database })
  return { session, capabilities: answer.capabilities, attributes: answer.claim.attributes }
}

/** Throws SqlError 1045. */
export async function proveClaim(
  exchange: AuthenticationExchange,
  claim: Claim,
): Promise<UserIdentity> {
  const { identity, withPassword } = await authenticate(exchange, claim)
  if (identity) return identity
  throw refusal.accessDenied(claim.user, exchange.channel.remoteHost, withPassword)
}

export function openProven(
  { channel, engine, frontend }: AuthenticationExchange,
  proven: Pick<OpenSession, 'id' | 'identity' | 'database'>,
): Promise<Session> {
  return engine.openSession({ ...proven, remoteHost: channel.remoteHost, frontend })
}

async function readAnswer(
  exchange: AuthenticationExchange,
  offered: number,
): Promise<ClientAnswer> {
  const { channel } = exchange
  channel.flush()
  const { payload, sequence } = await channel.read(channel.out.sequence, exchange.untilMs)
  channel.out.sequence = (sequence + 1) & 0xff
  try {
    return readClientAnswer(payload, offered)
  } catch (error) {
    if (error instanceof MalformedPacket) throw refusal.badHandshake()
    throw error
  }
}
