/**
 * The packets of the connection phase: the server's greeting, the client's answer (or its request for TLS before
 * it), a request to change the user, and the switch to another authentication method.
 *
 * Source: MySQL protocol description, "Protocol::HandshakeV10", "Protocol::HandshakeResponse41",
 * "Protocol::SSLRequest", "COM_CHANGE_USER", "Protocol::AuthSwitchRequest".
 */
import { putU8, putU16, putU32, putZeros, putBytes, putNulText } from './field-writer.ts'
import { beginPacket, endPacket } from './packet-output.ts'
import { CHARSET_UTF8MB4, capability, serverStatus } from './capability.ts'
import { SALT_BYTES } from './native-password.ts'
import type { PacketOutput } from './packet-output.ts'
import { payloadReader } from './payload-reader.ts'
import type { PayloadReader } from './payload-reader.ts'
import { MalformedPacket, refusal } from './protocol-error.ts'

export const NATIVE_PASSWORD = 'mysql_native_password'

export interface Greeting {
  readonly serverVersion: string
  readonly connectionId: number
  readonly salt: Buffer
  readonly capabilities: number
}

/** Who a client says it is, and its first proof. */
export interface Claim {
  readonly user: string
  readonly database: string | undefined
  /** Undefined when the client cannot name one: it means mysql_native_password. */
  readonly plugin: string | undefined
  readonly proof: Buffer
  readonly attributes: ReadonlyMap<string, string>
}

export type ClientAnswer =
  | { readonly kind: 'tls' }
  | { readonly kind: 'claim'; readonly capabilities: number; readonly claim: Claim }

const PROTOCOL_VERSION = 10
/** Capabilities, largest packet, character set and reserved bytes; a request for TLS ends here. */
const FIXED_BYTES = 32
const RESERVED_BYTES = 23
/** Attributes are kept for the log only. */
const ATTRIBUTES_MAX = 64

export function writeGreeting(out: PacketOutput, greeting: Greeting): void {
  beginPacket(out)
  putU8(out, PROTOCOL_VERSION)
  putNulText(out, greeting.serverVersion)
  putU32(out, greeting.connectionId)
  putBytes(out, greeting.salt.subarray(0, 8))
  putU8(out, 0)
  putU16(out, greeting.capabilities & 0xffff)
  putU8(out, CHARSET_UTF8MB4)
  putU16(out, serverStatus.autocommit)
  putU16(out, greeting.capabilities >>> 16)
  putU8(out, SALT_BYTES + 1)
  putZeros(out, 10)
  putBytes(out, greeting.salt.subarray(8))
  putU8(out, 0)
  putNulText(out, NATIVE_PASSWORD)
  endPacket(out)
}

export function writeAuthenticationSwitch(out: PacketOutput, plugin: string, salt: Buffer): void {
  beginPacket(out)
  putU8(out, 0xfe)
  putNulText(out, plugin)
  putBytes(out, salt)
  putU8(out, 0)
  endPacket(out)
}

/** Throws MalformedPacket, or SqlError 1251 for a client from before MySQL 4.1. */
export function readClientAnswer(payload: Buffer, offered: number): ClientAnswer {
  const reader = payloadReader(payload)
  const capabilities = reader.remaining < 4 ? reader.u16() : (reader.u32() & offered) >>> 0
  if (!(capabilities & capability.protocol41)) throw refusal.oldClient()
  reader.u32()
  reader.u8()
  reader.bytes(RESERVED_BYTES)
  if (payload.length === FIXED_BYTES) {
    if (!(capabilities & capability.tls)) throw new MalformedPacket('no user name')
    return { kind: 'tls' }
  }
  if (!(capabilities & capability.secureConnection)) throw refusal.oldClient()
  const user = textOf(reader.nulBytes())
  const proof =
    capabilities & capability.lenencAuthentication
      ? reader.lenencBytes()
      : reader.bytes(reader.u8())
  const database =
    capabilities & capability.connectWithDatabase ? textOf(reader.openNulBytes()) : ''
  const rest = readPluginAndAttributes(reader, capabilities)
  return {
    kind: 'claim',
    capabilities,
    claim: { user, proof, database: database || undefined, ...rest },
  }
}

export function readChangeUser(payload: Buffer, capabilities: number): Claim {
  const reader = payloadReader(payload, 1)
  const user = textOf(reader.nulBytes())
  const proof = reader.bytes(reader.u8())
  const database = textOf(reader.openNulBytes())
  if (reader.remaining >= 2) reader.u16()
  const rest = readPluginAndAttributes(reader, capabilities)
  return { user, proof, database: database || undefined, ...rest }
}

function readPluginAndAttributes(
  reader: PayloadReader,
  capabilities: number,
): Pick<Claim, 'plugin' | 'attributes'> {
  const names = (capabilities & capability.pluginAuthentication) !== 0 && reader.remaining > 0
  const plugin = names ? textOf(reader.openNulBytes()) : undefined
  const attributes = new Map<string, string>()
  if (capabilities & capability.connectionAttributes && reader.remaining > 0) {
    const pairs = payloadReader(reader.lenencBytes())
    while (pairs.remaining > 0) {
      const name = textOf(pairs.lenencBytes())
      const value = textOf(pairs.lenencBytes())
      if (attributes.size < ATTRIBUTES_MAX) attributes.set(name, value)
    }
  }
  return { plugin: plugin || undefined, attributes }
}

function textOf(bytes: Buffer): string {
  return bytes.toString('utf8')
}
