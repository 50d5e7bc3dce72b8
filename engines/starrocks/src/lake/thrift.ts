/**
 * Questions to a server of Thrift (thrift.apache.org, "Thrift Binary protocol encoding", strict and unframed, as Hive's metastore speaks it).
 *
 * Guarantees: an answer is bounded in bytes, values, depth and time before anything is made of it, whatever lengths it claims.
 */
import { connect } from 'node:net'
import type { Socket } from 'node:net'

export interface ThriftAddress {
  readonly host: string
  readonly port: number
}

/** Members by their numbers. */
export type ThriftStruct = ReadonlyMap<number, ThriftValue>

export type ThriftValue =
  | boolean
  | number
  | bigint
  | string
  | readonly ThriftValue[]
  | ThriftStruct
  | { readonly entries: readonly (readonly [ThriftValue, ThriftValue])[] }

export interface ThriftBounds {
  /** For the whole of a call. */
  readonly answerMs: number
  readonly bytes: number
  /** Numbers, texts, lists and so on, together. */
  readonly values: number
}

const BOUNDS: ThriftBounds = {
  answerMs: 10_000,
  bytes: 64 * 1024 * 1024,
  values: 2_000_000,
}

/** What is wrong with a server or its answer: nothing of what it said stands in the message. */
export class ThriftError extends Error {}

const VERSION = 0x8001
const CALL = 1
const REPLY = 2
const STOP = 0
const BOOL = 2
const BYTE = 3
const DOUBLE = 4
const I16 = 6
const I32 = 8
const I64 = 10
const TEXT = 11
const STRUCT = 12
const MAP = 13
const SET = 14
const LIST = 15
const NAME_BYTES_MAX = 256
/** A table's description nests five levels. */
const DEPTH_MAX = 32

/** The members of the answer: under 0 what a method says, or under its number a fault that the method declares. */
export async function callThrift(
  { host, port }: ThriftAddress,
  message: Uint8Array,
  bounds: ThriftBounds = BOUNDS,
): Promise<ThriftStruct> {
  const signal = AbortSignal.timeout(bounds.answerMs)
  const socket = connect({ host, port, signal, noDelay: true })
  try {
    socket.write(message)
    return await answerOf(socket, bounds)
  } catch (error) {
    if (error instanceof ThriftError) throw error
    throw new ThriftError(signal.aborted ? 'it does not answer in time' : 'it does not answer')
  } finally {
    socket.destroy()
  }
}

async function answerOf(socket: Socket, bounds: ThriftBounds): Promise<ThriftStruct> {
  const input = inputOf(bounds)
  const reading = replyOf(input)
  for await (const piece of socket) {
    input.add(piece as Buffer)
    const step = reading.next()
    if (step.done === true) return step.value
  }
  throw new ThriftError('its answer breaks off')
}

/** Bytes as they come, and what of them may still be made something. */
interface Input {
  add(piece: Buffer): void
  /** One more value. */
  count(): void
  /** Waits until so many bytes are there. */
  take(length: number): Generator<undefined, Buffer>
}

function inputOf(bounds: ThriftBounds): Input {
  let pieces: Buffer[] = []
  let kept = Buffer.alloc(0)
  let at = 0
  let there = 0
  let bytes = 0
  let values = 0
  const demandRoom = (wanted: number) => {
    if (wanted < 0 || wanted > bounds.bytes)
      throw new ThriftError(`its answer is longer than ${bounds.bytes} bytes`)
  }
  const isThere = (wanted: number) => there >= wanted
  return {
    add(piece) {
      bytes += piece.length
      there += piece.length
      demandRoom(bytes)
      pieces.push(piece)
    },
    count() {
      values += 1
      if (values > bounds.values)
        throw new ThriftError(`its answer has more than ${bounds.values} values`)
    },
    *take(length) {
      demandRoom(length)
      while (!isThere(length)) yield undefined
      if (kept.length - at < length) {
        kept = Buffer.concat([kept.subarray(at), ...pieces])
        pieces = []
        at = 0
      }
      at += length
      there -= length
      return kept.subarray(at - length, at)
    },
  }
}

function* replyOf(input: Input): Generator<undefined, ThriftStruct> {
  const head = yield* input.take(8)
  const length = head.readUInt32BE(4)
  if (head.readUInt16BE(0) !== VERSION || length > NAME_BYTES_MAX)
    throw new ThriftError('it does not speak Thrift')
  const kind = head[3]
  yield* input.take(length + 4)
  const members = yield* structOf(input, 0)
  if (kind !== REPLY) throw new ThriftError('it refuses the question')
  return members
}

function* structOf(input: Input, depth: number): Generator<undefined, ThriftStruct> {
  const members = new Map<number, ThriftValue>()
  for (;;) {
    const [type = STOP] = yield* input.take(1)
    if (type === STOP) return members
    const number = (yield* input.take(2)).readInt16BE(0)
    members.set(number, yield* valueOf(input, type, depth))
  }
}

function* valueOf(input: Input, type: number, depth: number): Generator<undefined, ThriftValue> {
  if (depth > DEPTH_MAX) throw new ThriftError(`its answer nests more than ${DEPTH_MAX} levels`)
  input.count()
  switch (type) {
    case BOOL:
      return (yield* input.take(1))[0] !== 0
    case BYTE:
      return (yield* input.take(1)).readInt8(0)
    case I16:
      return (yield* input.take(2)).readInt16BE(0)
    case I32:
      return (yield* input.take(4)).readInt32BE(0)
    case I64:
      return (yield* input.take(8)).readBigInt64BE(0)
    case DOUBLE:
      return (yield* input.take(8)).readDoubleBE(0)
    case TEXT:
      return (yield* input.take(yield* lengthOf(input))).toString('utf8')
    case STRUCT:
      return yield* structOf(input, depth + 1)
    case LIST:
    case SET: {
      const [of = STOP] = yield* input.take(1)
      const count = yield* lengthOf(input)
      const items: ThriftValue[] = []
      for (let at = 0; at < count; at++) items.push(yield* valueOf(input, of, depth + 1))
      return items
    }
    case MAP: {
      const [key = STOP, value = STOP] = yield* input.take(2)
      const count = yield* lengthOf(input)
      const entries: [ThriftValue, ThriftValue][] = []
      for (let at = 0; at < count; at++)
        entries.push([
          yield* valueOf(input, key, depth + 1),
          yield* valueOf(input, value, depth + 1),
        ])
      return { entries }
    }
    default:
      throw new ThriftError('it does not speak Thrift')
  }
}

function* lengthOf(input: Input): Generator<undefined, number> {
  const length = (yield* input.take(4)).readInt32BE(0)
  if (length < 0) throw new ThriftError('it does not speak Thrift')
  return length
}

export type Argument = string | number | readonly string[]

/** A call of a method with its arguments in their order: texts, 16-bit numbers, lists of texts. */
export function thriftCall(method: string, args: readonly Argument[]): Buffer {
  const members = args.map((value, at) => {
    const number = numberOf(at + 1, 2)
    if (typeof value === 'string') return Buffer.concat([Buffer.of(TEXT), number, textOf(value)])
    if (typeof value === 'number')
      return Buffer.concat([Buffer.of(I16), number, numberOf(value, 2)])
    const head = [Buffer.of(LIST), number, Buffer.of(TEXT), numberOf(value.length, 4)]
    return Buffer.concat([...head, ...value.map(textOf)])
  })
  const head = [numberOf(VERSION, 2), Buffer.of(0, CALL), textOf(method), numberOf(0, 4)]
  return Buffer.concat([...head, ...members, Buffer.of(STOP)])
}

function textOf(text: string): Buffer {
  const bytes = Buffer.from(text)
  return Buffer.concat([numberOf(bytes.length, 4), bytes])
}

function numberOf(value: number, bytes: 2 | 4): Buffer {
  const buffer = Buffer.alloc(bytes)
  // As it is read: -1 is all ones.
  buffer.writeIntBE(bytes === 2 ? (value << 16) >> 16 : value, 0, bytes)
  return buffer
}

export const structIn = (members: ThriftStruct, number: number): ThriftStruct | undefined => {
  const value = members.get(number)
  return value instanceof Map ? (value as ThriftStruct) : undefined
}

export const textIn = (members: ThriftStruct | undefined, number: number): string => {
  const value = members?.get(number)
  return typeof value === 'string' ? value : ''
}

export const listIn = (
  members: ThriftStruct | undefined,
  number: number,
): readonly ThriftValue[] => {
  const value = members?.get(number)
  return Array.isArray(value) ? (value as ThriftValue[]) : []
}

/** Of texts. */
export function mapIn(
  members: ThriftStruct | undefined,
  number: number,
): ReadonlyMap<string, string> {
  const value = members?.get(number)
  const entries = typeof value === 'object' && 'entries' in value ? value.entries : []
  const pairs = Array.isArray(entries) ? (entries as [ThriftValue, ThriftValue][]) : []
  return new Map(
    pairs.filter((pair): pair is [string, string] =>
      pair.every((each) => typeof each === 'string'),
    ),
  )
}
