/**
 * A MySQL client of the tests' own, byte by byte and without the server's code, for what no driver would send.
 */
import { createHash } from 'node:crypto'
import { connect } from 'node:net'
import type { Socket } from 'node:net'

export interface RawPacket {
  readonly sequence: number
  readonly payload: Buffer
}

export interface RawClient {
  readonly socket: Socket
  /** The next packet; undefined once the server has closed. */
  read(): Promise<RawPacket | undefined>
  send(sequence: number, payload: Uint8Array): void
  /** A command, and the first packet of its answer. */
  ask(payload: Uint8Array): Promise<RawPacket | undefined>
  readonly closed: Promise<void>
}

export const CAPABILITIES = {
  connectWithDatabase: 0x8,
  protocol41: 0x200,
  tls: 0x800,
  secureConnection: 0x8000,
  multiStatements: 0x1_0000,
  multiResults: 0x2_0000,
  plugin: 0x8_0000,
  attributes: 0x10_0000,
  lenencAuthentication: 0x20_0000,
  deprecateEof: 0x100_0000,
} as const

export const BASIC = CAPABILITIES.protocol41 | CAPABILITIES.secureConnection | CAPABILITIES.plugin

export function rawClient(port: number): RawClient {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  let held = Buffer.alloc(0)
  let closed = false
  let wake: (() => void) | undefined
  socket.on('data', (chunk) => {
    held = Buffer.concat([held, chunk])
    wake?.()
  })
  socket.on('error', () => socket.destroy())
  const closing = new Promise<void>((resolve) => {
    socket.on('close', () => {
      closed = true
      wake?.()
      resolve()
    })
  })
  const take = (): RawPacket | undefined => {
    if (held.length < 4) return undefined
    const length = held.readUIntLE(0, 3)
    if (held.length < 4 + length) return undefined
    const packet = { sequence: held[3] ?? 0, payload: Buffer.from(held.subarray(4, 4 + length)) }
    held = held.subarray(4 + length)
    return packet
  }
  const client: RawClient = {
    socket,
    closed: closing,
    async read() {
      for (;;) {
        const packet = take()
        if (packet || closed) return packet
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    },
    send(sequence, payload) {
      socket.write(framed(sequence, payload))
    },
    ask(payload) {
      client.send(0, payload)
      return client.read()
    },
  }
  return client
}

export function framed(sequence: number, payload: Uint8Array): Buffer {
  const header = Buffer.alloc(4)
  header.writeUIntLE(payload.length, 0, 3)
  header[3] = sequence
  return Buffer.concat([header, payload])
}

export interface HelloOptions {
  readonly user?: string
  readonly password?: string
  readonly capabilities?: number
  readonly database?: string
  readonly plugin?: string
  readonly response?: Uint8Array
}

/** Reads the greeting and answers it; returns the server's next packet. */
export async function hello(
  client: RawClient,
  options: HelloOptions = {},
): Promise<RawPacket | undefined> {
  const greeting = await client.read()
  if (!greeting) return undefined
  client.send(1, helloPayload(saltOf(greeting.payload), options))
  return client.read()
}

export async function loggedIn(port: number, options: HelloOptions = {}): Promise<RawClient> {
  const client = rawClient(port)
  const answer = await hello(client, options)
  if (answer?.payload[0] !== 0)
    throw new Error(`login failed: ${answer?.payload.toString('latin1')}`)
  return client
}

export function helloPayload(salt: Buffer, options: HelloOptions = {}): Buffer {
  const capabilities =
    (options.capabilities ?? BASIC) |
    (options.database === undefined ? 0 : CAPABILITIES.connectWithDatabase)
  const fixed = Buffer.alloc(32)
  fixed.writeUInt32LE(capabilities >>> 0, 0)
  fixed.writeUInt32LE(0x100_0000, 4)
  fixed[8] = 45
  const response = options.response ?? nativeResponse(options.password ?? 'secret-of-admin', salt)
  return Buffer.concat([
    fixed,
    Buffer.from(`${options.user ?? 'admin'}\0`),
    Buffer.from([response.length]),
    response,
    Buffer.from(options.database === undefined ? '' : `${options.database}\0`),
    Buffer.from(
      capabilities & CAPABILITIES.plugin ? `${options.plugin ?? 'mysql_native_password'}\0` : '',
    ),
  ])
}

export function saltOf(greeting: Buffer): Buffer {
  const start = greeting.indexOf(0) + 5
  return Buffer.concat([
    greeting.subarray(start, start + 8),
    greeting.subarray(start + 27, start + 39),
  ])
}

export function nativeResponse(password: string, salt: Buffer): Buffer {
  if (password === '') return Buffer.alloc(0)
  const sha1 = (...parts: Uint8Array[]) => createHash('sha1').update(Buffer.concat(parts)).digest()
  const once = sha1(Buffer.from(password))
  const mask = sha1(salt, sha1(once))
  return Buffer.from(once.map((byte, index) => byte ^ (mask[index] ?? 0)))
}

export function query(text: string): Buffer {
  return Buffer.concat([Buffer.from([0x03]), Buffer.from(text)])
}

export interface RawError {
  readonly errno: number
  readonly sqlState: string
  readonly message: string
}

/** Throws unless the packet is an ERR. */
export function errorOf(packet: RawPacket | undefined): RawError {
  const payload = packet?.payload
  if (payload?.[0] !== 0xff) throw new Error(`not an error: ${payload?.toString('hex')}`)
  return {
    errno: payload.readUInt16LE(1),
    sqlState: payload.toString('latin1', 4, 9),
    message: payload.toString('utf8', 9),
  }
}
