import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { test, type TestContext } from 'node:test'
import type { DaemonPlan } from '../../../src/substrate/local/service.ts'
import { kafka } from '../service.ts'

const HOST = '127.0.0.1'
/** As it is numbered by its node. */
const OWN = createHash('sha256').update('n-1').digest().readUInt32BE(0) >>> 4

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value)
  const length = Buffer.alloc(2)
  length.writeInt16BE(bytes.length)
  return Buffer.concat([length, bytes])
}

const LIST_REASSIGNMENTS = 46
/** No tags, no error, no topic, no tags. */
const NOTHING_MOVES = Buffer.concat([Buffer.of(0), int32(0), Buffer.of(0, 0, 0, 1, 0)])

/** A broker that answers requests for metadata, and counts how many topics each asks for; of what moves it is asked before all of them. */
async function startBroker(t: TestContext, ids: readonly number[] = [OWN]) {
  const asked: number[] = []
  const partition = Buffer.concat([Buffer.of(0, 0), int32(0), int32(OWN), int32(2)])
  const replicas = Buffer.concat([int32(OWN), int32(7), int32(0)])
  const topic = Buffer.concat([Buffer.of(0, 0), text('t'), Buffer.of(0), int32(1)])
  const server = createServer((socket) => {
    socket.once('data', (request: Buffer) => {
      if (request.readInt16BE(4) === LIST_REASSIGNMENTS) {
        const answer = Buffer.concat([int32(1), NOTHING_MOVES])
        return void socket.end(Buffer.concat([int32(answer.length), answer]))
      }
      const topics = request.readInt32BE(14)
      asked.push(topics)
      const brokers = ids.map((id) => Buffer.concat([int32(id), text(HOST), int32(9092), text('')]))
      const all = Buffer.concat([int32(1), topic, partition, replicas])
      const body = Buffer.concat([
        int32(1),
        int32(0),
        int32(brokers.length),
        ...brokers,
        text('cluster'),
        int32(OWN),
        topics === -1 ? all : int32(0),
      ])
      // All topics take their time.
      setTimeout(
        () => socket.end(Buffer.concat([int32(body.length), body])),
        topics === -1 ? 60 : 0,
      )
    })
  })
  server.listen(0, HOST)
  await once(server, 'listening')
  t.after(() => server.close())
  return { asked, port: (server.address() as { port: number }).port }
}

function probeOf(port: number) {
  const daemon = kafka.daemons.find(({ name }) => name === 'kafka-broker')!
  const own = { daemon: 'kafka-broker', node: 'n-1', host: HOST, ports: [port] }
  const plan = { node: 'n-1', host: HOST, ports: [port], directory: `/of-${port}` }
  return (isLeaving = false) => {
    const peers = [isLeaving ? { ...own, leaving: true } : own]
    return daemon.probe({ ...plan, peers } as unknown as DaemonPlan)
  }
}

test('a look at a broker asks for no topics, but now and then, and where it is to go', async (t) => {
  const { asked, port } = await startBroker(t)
  const probe = probeOf(port)
  for (let look = 0; look < 3; look++)
    assert.deepEqual(await probe(), { answering: true, copies: 2 })
  assert.deepEqual(asked, [0, -1, 0, 0])
  for (let look = 0; look < 2; look++) assert.equal((await probe(true)).drained, false)
  assert.deepEqual(asked.slice(4), [0, -1, 0, -1])
})

test('of several brokers one asks how many copies topics have', async (t) => {
  const { asked, port } = await startBroker(t, [OWN, 1])
  const probe = probeOf(port)
  assert.deepEqual(await probe(), { answering: true })
  assert.deepEqual(asked, [0])
})
