/**
 * Proves who a client is. Methods:
 *
 * - mysql_native_password, the default; a client that begins with another method is asked to switch to it;
 * - over TLS only, the two methods that send the password itself: mysql_clear_password, and caching_sha2_password's
 *   "full authentication" (MySQL 9 clients have no mysql_native_password any more).
 *
 * A user that does not exist goes through the same exchange as one with a wrong password. Nothing received here is logged.
 *
 * Source: MySQL protocol description, "Authentication Method", "Caching_sha2_password information".
 */
import { putBytes } from './field-writer.ts'
import { beginPacket, endPacket } from './packet-output.ts'
import type { Engine, UserIdentity } from '../session.ts'
import type { Channel } from './channel.ts'
import { NATIVE_PASSWORD, writeAuthenticationSwitch } from './handshake.ts'
import type { Claim } from './handshake.ts'
import { provesNativePassword } from './native-password.ts'
import { MalformedPacket } from './protocol-error.ts'

const CLEAR_PASSWORD = 'mysql_clear_password'
const CACHING_SHA2 = 'caching_sha2_password'
/** AuthMoreData: "send the password itself". */
const FULL_AUTHENTICATION = Buffer.from([0x01, 0x04])

export interface AuthenticationExchange {
  readonly channel: Channel
  readonly engine: Engine
  /** Of the greeting; clients keep using it when they are asked to switch or change the user. */
  readonly salt: Buffer
  readonly untilMs: number
  /** The front end that the session is counted to. */
  readonly frontend?: string | undefined
}

export interface Verdict {
  /** Who the client proved to be; undefined: nobody. */
  readonly identity: UserIdentity | undefined
  readonly withPassword: boolean
}

export async function authenticate(
  exchange: AuthenticationExchange,
  claim: Claim,
): Promise<Verdict> {
  const { channel, engine } = exchange
  if (channel.encrypted && claim.plugin === CLEAR_PASSWORD) {
    return checkClear(exchange, claim.user, claim.proof)
  }
  if (channel.encrypted && claim.plugin === CACHING_SHA2) {
    return checkClear(exchange, claim.user, await fullAuthentication(exchange, claim.proof))
  }
  const native = claim.plugin === undefined || claim.plugin === NATIVE_PASSWORD
  const response = native ? claim.proof : await switchToNative(exchange)
  const found = await engine.findUser(claim.user, channel.remoteHost)
  const isProven = provesNativePassword(found?.verifier, exchange.salt, response)
  return {
    identity: isProven ? found?.identity : undefined,
    withPassword: response.length > 0,
  }
}

async function switchToNative(exchange: AuthenticationExchange): Promise<Buffer> {
  writeAuthenticationSwitch(exchange.channel.out, NATIVE_PASSWORD, exchange.salt)
  return ask(exchange)
}

/** An empty password is sent as nothing or as its closing NUL alone, and needs no further question. */
async function fullAuthentication(
  exchange: AuthenticationExchange,
  proof: Buffer,
): Promise<Buffer> {
  if (proof.length === 0 || (proof.length === 1 && proof[0] === 0)) return Buffer.from([0])
  const { out } = exchange.channel
  beginPacket(out)
  putBytes(out, FULL_AUTHENTICATION)
  endPacket(out)
  return ask(exchange)
}

async function ask(exchange: AuthenticationExchange): Promise<Buffer> {
  const { channel } = exchange
  channel.flush()
  const { payload, sequence } = await channel.read(channel.out.sequence, exchange.untilMs)
  channel.out.sequence = (sequence + 1) & 0xff
  return payload
}

async function checkClear(
  { channel, engine }: AuthenticationExchange,
  user: string,
  proof: Buffer,
): Promise<Verdict> {
  if (proof.length === 0 || proof.at(-1) !== 0) throw new MalformedPacket('a password without end')
  const password = proof.toString('utf8', 0, proof.length - 1)
  return {
    identity: await engine.checkPassword(user, channel.remoteHost, password),
    withPassword: password !== '',
  }
}
