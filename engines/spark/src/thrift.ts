/** One question to a server of Thrift (thrift.apache.org, "Thrift Binary protocol encoding"), of whose answer only the beginning is read. */
import { once } from 'node:events'
import { connect } from 'node:net'

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

export interface ThriftAddress {
  readonly host: string
  readonly port: number
}

/** Rejects unless the method succeeds that takes this text, or nothing. */
export async function callThrift(at: ThriftAddress, method: string, text?: string): Promise<void> {
  const { host, port } = at
  const signal = AbortSignal.timeout(ANSWER_MS)
  const socket = connect({ host, port, localAddress: host, signal })
  try {
    await once(socket, 'connect', { signal })
    socket.write(messageOf(method, text))
    const length = ENVELOPE + method.length + MEMBER
    let answer = Buffer.alloc(0)
    while (answer.length < length) {
      const [piece] = (await once(socket, 'data', { signal })) as [Buffer]
      answer = Buffer.concat([answer, piece])
    }
    if (answer.readUInt16BE(0) !== VERSION || answer.readUInt32BE(4) !== method.length)
      throw new Error(`${host}:${port} does not speak Thrift`)
    if (answer[3] !== REPLY || answer.readUInt16BE(length - 2) !== SUCCESS)
      throw new Error(`${host}:${port} refuses ${method}`)
  } finally {
    socket.destroy()
  }
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
