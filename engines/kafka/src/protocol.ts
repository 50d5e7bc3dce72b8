/** As much of Kafka's protocol as shows that a broker works: what it says of the cluster's brokers (kafka.apache.org/protocol). */
import { once } from 'node:events'
import { connect } from 'node:net'

const ANSWER_MS = 3_000
/** Far above what a few brokers say. */
const ANSWER_BYTES = 1_048_576

const METADATA = 3
/** The last version without tagged fields that every Kafka since 1.0 has. */
const METADATA_VERSION = 4
const API_VERSIONS = 18

/** The ids of all brokers that serve. */
export async function brokersAt(host: string, port: number): Promise<readonly number[]> {
  const body = Buffer.alloc(5)
  body.writeInt32BE(0, 0) // No topic, and none to be made.
  const answer = await asked(host, port, { key: METADATA, version: METADATA_VERSION, body })
  let at = 4 // How long it was throttled.
  const count = answer.readInt32BE(at)
  at += 4
  const ids: number[] = []
  for (let broker = 0; broker < count; broker++) {
    ids.push(answer.readInt32BE(at))
    at += 4
    at += 2 + answer.readInt16BE(at) + 4
    at += 2 + Math.max(0, answer.readInt16BE(at))
  }
  return ids
}

/** Rejects unless what listens there speaks the protocol. */
export async function speaksKafka(host: string, port: number): Promise<void> {
  const answer = await asked(host, port, { key: API_VERSIONS, version: 0, body: Buffer.alloc(0) })
  const code = answer.readInt16BE(0)
  if (code !== 0) throw new Error(`${host}:${port} answers with the error ${code}`)
}

/** What follows the correlation id of the answer. */
async function asked(
  host: string,
  port: number,
  request: { readonly key: number; readonly version: number; readonly body: Buffer },
): Promise<Buffer> {
  const { key, version, body } = request
  const head = Buffer.alloc(14)
  head.writeInt32BE(10 + body.length, 0)
  head.writeInt16BE(key, 4)
  head.writeInt16BE(version, 6)
  head.writeInt32BE(1, 8)
  head.writeInt16BE(-1, 12) // Without a name of its own.
  const signal = AbortSignal.timeout(ANSWER_MS)
  const socket = connect({ host, port, localAddress: host, signal })
  try {
    await once(socket, 'connect', { signal })
    socket.write(Buffer.concat([head, body]))
    let got: Buffer = Buffer.alloc(0)
    for await (const piece of socket) {
      got = Buffer.concat([got, piece as Buffer])
      if (got.length > ANSWER_BYTES) break
      if (got.length >= 4 && got.length >= 4 + got.readInt32BE(0)) return got.subarray(8)
    }
    throw new Error(`${host}:${port} breaks off, or answers at too great length`)
  } finally {
    socket.destroy()
  }
}
