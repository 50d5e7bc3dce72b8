/** One question to a server of Thrift (thrift.apache.org, "Thrift Binary protocol encoding"), of whose answer only the beginning is read. */
import { exchange, type ServerAddress } from '../../../src/kernel/exchange.ts'

const ANSWER_MS = 3_000
const VERSION = 0x8001
const CALL = 1
const REPLY = 2
const TEXT = 11
/** The members of an answer: what a method says, or one of the faults that it declares, which have other numbers. */
const SUCCESS = 0
/** Of a message without its name and its members: version and kind, length of the name, number. */
const ENVELOPE = 12
/** Of a member without its value: type and number. */
const MEMBER = 3

/** Rejects unless the method succeeds that takes this text, or nothing. */
export async function callThrift(at: ServerAddress, method: string, text?: string): Promise<void> {
  const { host, port } = at
  const length = ENVELOPE + method.length + MEMBER
  const answer = await exchange(at, messageOf(method, text), {
    answerMs: ANSWER_MS,
    lengthOf: () => length,
  })
  if (answer.readUInt16BE(0) !== VERSION || answer.readUInt32BE(4) !== method.length)
    throw new Error(`${host}:${port} does not speak Thrift`)
  if (answer[3] !== REPLY || answer.readUInt16BE(length - 2) !== SUCCESS)
    throw new Error(`${host}:${port} refuses ${method}`)
}

function messageOf(method: string, text: string | undefined): Buffer {
  const number = Buffer.alloc(4)
  const kind = Buffer.of(VERSION >> 8, VERSION & 0xff, 0, CALL)
  const member = text === undefined ? [] : [Buffer.of(TEXT, 0, 1), textOf(text)]
  return Buffer.concat([kind, textOf(method), number, ...member, Buffer.of(0)])
}

function textOf(text: string): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(Buffer.byteLength(text))
  return Buffer.concat([length, Buffer.from(text)])
}
