/**
 * As much of Kafka's protocol as shows that a broker works, says where its cluster keeps what, and moves that
 * (kafka.apache.org/protocol).
 */
import { exchange, type ServerAddress } from '../../../src/kernel/exchange.ts'
import {
  compactList,
  compactText,
  int32Bytes,
  NO_TAGS,
  varintBytes,
  wireReader,
  type WireReader,
} from './wire.ts'

const ANSWER_MS = 3_000
/** Some hundred thousand partitions. */
const ANSWER_BYTES = 8 * 1_048_576

/** How long the answer is, and to which request. */
const HEAD = 8

const METADATA = 3
/** The last version without tagged fields that every Kafka since 1.0 has. */
const METADATA_VERSION = 4
const API_VERSIONS = 18
const ALTER_REASSIGNMENTS = 45
const LIST_REASSIGNMENTS = 46
/** INVALID_REPLICATION_FACTOR. */
const OTHER_COPIES = 38
/** How long a broker may wait for the controllers. */
const CONTROLLER_MS = 2_000

export interface Partition {
  readonly topic: string
  readonly number: number
  /** The brokers that have a copy, or are getting one; the preferred leader first. */
  readonly replicas: readonly number[]
}

export interface KafkaMetadata {
  /** The ids of all brokers that serve. */
  readonly brokers: readonly number[]
  readonly partitions: readonly Partition[]
}

/** Of all topics, or of none. */
export async function metadataAt(
  address: ServerAddress,
  of: 'all' | 'none' = 'all',
): Promise<KafkaMetadata> {
  // And none to be made.
  const body = Buffer.concat([int32Bytes(of === 'all' ? -1 : 0), Buffer.of(0)])
  const answer = await asked(address, { key: METADATA, version: METADATA_VERSION, body })
  answer.int32() // How long it was throttled.
  const brokers = answer.list(() => {
    const id = answer.int32()
    answer.text()
    answer.int32()
    answer.text()
    return id
  })
  answer.text()
  answer.int32()
  const topics = answer.list(() => {
    answer.int16()
    const topic = answer.text()
    answer.skip(1)
    return answer.list((): Partition => {
      answer.int16()
      const number = answer.int32()
      answer.int32()
      const replicas = answer.list(answer.int32)
      answer.list(answer.int32)
      return { topic, number, replicas }
    })
  })
  return { brokers, partitions: topics.flat() }
}

/** What of the replicas of a partition comes and goes. */
export interface Reassignment extends Partition {
  readonly adding: readonly number[]
  readonly removing: readonly number[]
}

export async function reassignmentsAt(address: ServerAddress): Promise<readonly Reassignment[]> {
  const body = Buffer.concat([int32Bytes(CONTROLLER_MS), varintBytes(0), NO_TAGS])
  const answer = await asked(address, { key: LIST_REASSIGNMENTS, version: 0, body })
  answer.int32() // How long it was throttled.
  refuse(answer.int16(), answer.compactText())
  const topics = answer.compactList(() => {
    const topic = answer.compactText()
    const partitions = answer.compactList((): Reassignment => {
      const number = answer.int32()
      const replicas = answer.compactList(answer.int32)
      const adding = answer.compactList(answer.int32)
      const removing = answer.compactList(answer.int32)
      answer.tags()
      return { topic, number, replicas, adding, removing }
    })
    answer.tags()
    return partitions
  })
  return topics.flat()
}

/** Begins to bring each partition to these replicas; answers those that would have another number of copies. */
export async function reassign<P extends Partition>(
  address: ServerAddress,
  partitions: readonly P[],
): Promise<readonly P[]> {
  const topics = Map.groupBy(partitions, ({ topic }) => topic)
  const partitionText = ({ number, replicas }: Partition) =>
    Buffer.concat([int32Bytes(number), compactList(replicas.map(int32Bytes)), NO_TAGS])
  const topicTexts = [...topics].map(([topic, own]) =>
    Buffer.concat([compactText(topic), compactList(own.map(partitionText)), NO_TAGS]),
  )
  const sameCopies = Buffer.of(0)
  const wait = int32Bytes(CONTROLLER_MS)
  const body = Buffer.concat([wait, sameCopies, compactList(topicTexts), NO_TAGS])
  const answer = await asked(address, { key: ALTER_REASSIGNMENTS, version: 1, body })
  answer.int32() // How long it was throttled.
  answer.skip(1)
  refuse(answer.int16(), answer.compactText())
  const refused = answer.compactList(() => {
    const topic = answer.compactText()
    const numbers = answer.compactList(() => {
      const number = answer.int32()
      const code = answer.int16()
      const message = answer.compactText()
      answer.tags()
      if (code !== OTHER_COPIES) refuse(code, message)
      return code === 0 ? -1 : number
    })
    answer.tags()
    return numbers.map((number) => `${number} ${topic}`)
  })
  const names = new Set(refused.flat())
  return partitions.filter(({ topic, number }) => names.has(`${number} ${topic}`))
}

/** Rejects unless what listens there speaks the protocol. */
export async function probeKafka(address: ServerAddress): Promise<void> {
  const answer = await asked(address, { key: API_VERSIONS, version: 0, body: Buffer.alloc(0) })
  refuse(answer.int16(), '')
}

function refuse(code: number, message: string): void {
  if (code !== 0) throw new Error(`Kafka answers with the error ${code} ${message}`.trimEnd())
}

interface Request {
  readonly key: number
  readonly version: number
  readonly body: Buffer
}

/** What follows the head of the answer. */
async function asked(address: ServerAddress, request: Request): Promise<WireReader> {
  const { key, version, body } = request
  const isTagged = key === ALTER_REASSIGNMENTS || key === LIST_REASSIGNMENTS
  const head = Buffer.alloc(14)
  const tags = isTagged ? NO_TAGS : Buffer.alloc(0)
  head.writeInt32BE(10 + tags.length + body.length, 0)
  head.writeInt16BE(key, 4)
  head.writeInt16BE(version, 6)
  head.writeInt32BE(1, 8)
  head.writeInt16BE(-1, 12) // Without a name of its own.
  const answer = await exchange(address, Buffer.concat([head, tags, body]), {
    answerMs: ANSWER_MS,
    bytesMax: ANSWER_BYTES,
    lengthOf: (start) => (start.length < HEAD ? undefined : 4 + start.readInt32BE(0)),
  })
  const reader = wireReader(answer.subarray(HEAD))
  if (isTagged) reader.tags()
  return reader
}
