import assert from 'node:assert/strict'
import { test } from 'node:test'
import { demandMetastores, hiveMetastore } from '../../src/lake/hive-metastore.ts'
import { callThrift, thriftCall } from '../../src/lake/thrift.ts'
import { hiveMetastoreServer, replyOf } from '../support/hive-metastore.ts'

const options = (uri: string) => ({
  endpoint: 'http://x',
  region: 'r',
  prefixes: [],
  hiveMetastores: [uri],
})

test('what the metastore says is read, and what it does not know is nothing', async (t) => {
  const server = await hiveMetastoreServer(t, {
    'd.t': {
      location: 's3://b/t',
      fields: { a: 'int', b: 'array<string>' },
      partitionKeys: { p: 'int' },
      partitions: Array.from({ length: 2500 }, (_, at) => ({
        values: [String(at)],
        location: `s3://b/t/p=${at}`,
      })),
      parameters: { comment: 'ü' },
    },
  })
  server.databases.add('empty')
  const addresses = demandMetastores(options(server.uri), server.uri)
  const metastore = hiveMetastore(addresses)
  assert.deepEqual(await metastore.databases(), ['default', 'd', 'empty'])
  assert.deepEqual(await metastore.tables('d'), ['t'])
  assert.deepEqual(await metastore.tables('empty'), [])
  assert.equal(await metastore.tables('none'), undefined)
  assert.equal(await metastore.table('d', 'none'), undefined)
  const table = await metastore.table('d', 't')
  assert.deepEqual(
    table?.fields.map(({ name, type }) => [name, type]),
    [
      ['a', 'int'],
      ['b', 'array<string>'],
    ],
  )
  assert.equal(table.parameters.get('comment'), 'ü')
  assert.equal(table.storage.location, 's3://b/t')
  server.asked.length = 0
  const partitions = await metastore.partitions('d', 't')
  assert.equal(partitions.length, 2500)
  assert.deepEqual(partitions.at(-1)?.values, ['2499'])
  assert.equal(partitions.at(-1)?.storage.location, 's3://b/t/p=2499')
  // Each answer is of a bounded number.
  assert.deepEqual(
    server.asked.map((line) => line.split(' ')[0]),
    [
      'get_partition_names',
      'get_partitions_by_names',
      'get_partitions_by_names',
      'get_partitions_by_names',
    ],
  )
})

test('a table with more partitions than one statement reads is refused by name', async (t) => {
  const server = await hiveMetastoreServer(t, {
    'd.t': {
      location: 's3://b/t',
      fields: { a: 'int' },
      partitionKeys: { p: 'int' },
      partitions: Array.from({ length: 10_001 }, (_, at) => ({
        values: [String(at)],
        location: 's3://b/t',
      })),
    },
  })
  const metastore = hiveMetastore(demandMetastores(options(server.uri), server.uri))
  await assert.rejects(metastore.partitions('d', 't'), /with more than 10000 partitions is not/)
})

test('an answer is read however it comes in pieces, and is bounded while it comes', async (t) => {
  const server = await hiveMetastoreServer(t, {})
  const [address] = demandMetastores(options(server.uri), server.uri)
  assert.ok(address)
  const whole = replyOf('x', { 0: ['a', 'é', ''], 1: new Map([['k', 'v']]), 2: { 3: -7 } })
  server.instead = (socket) => {
    void (async () => {
      for (const byte of whole) {
        socket.write(Buffer.of(byte))
        await new Promise((resolve) => setImmediate(resolve))
      }
    })()
  }
  const ask = (bounds = { answerMs: 5_000, bytes: 1000, values: 100 }) =>
    callThrift(address, thriftCall('x', ['ü', 3, ['a', 'b']]), bounds)
  const members = await ask()
  assert.deepEqual(server.asked.at(-1), 'x ü 3 a b')
  assert.deepEqual(members.get(0), ['a', 'é', ''])
  assert.deepEqual(members.get(1), { entries: [['k', 'v']] })
  assert.deepEqual(members.get(2), new Map([[3, -7]]))
  await assert.rejects(ask({ answerMs: 5_000, bytes: 30, values: 100 }), /longer than 30 bytes/)
  await assert.rejects(ask({ answerMs: 5_000, bytes: 1000, values: 4 }), /more than 4 values/)
  server.instead = () => undefined
  await assert.rejects(ask({ answerMs: 50, bytes: 1000, values: 100 }), /does not answer in time/)
})
