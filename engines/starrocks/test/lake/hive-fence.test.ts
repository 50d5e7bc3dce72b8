/**
 * A metastore is trusted with names, and with nothing else: no other host is asked, no folder is read that the instance may not read, no
 * file of the host, and an answer that is too long, too deep, none or never there ends the statement alone.
 */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { test } from 'node:test'
import { createHive, hiveClient, parquetOf } from '../support/hive-client.ts'
import { replyOf, TEXT, LAZY } from '../support/hive-metastore.ts'
import { skipWithoutLake } from '../support/lake-client.ts'

const skip = skipWithoutLake
const fields = { id: 'int' }
const good = { location: 's3://bucket-a/hive/t', fields }

test('nobody is asked but the metastores that the instance was given', { skip }, async (t) => {
  const called: string[] = []
  const other = createServer((socket) => {
    called.push('called')
    socket.destroy()
  })
  other.listen(0, '127.0.0.1')
  await once(other, 'listening')
  t.after(() => other.close())
  const { port } = other.address() as AddressInfo
  const { client, engine, objects, metastore } = await hiveClient(t, { 'd.t': good })
  const own = metastore.uri
  for (const uri of [
    `thrift://127.0.0.1:${port}`,
    `thrift://localhost:${port}`,
    `${own},thrift://127.0.0.1:${port}`,
    `thrift://127.0.0.1:${port},${own}`,
    'thrift://169.254.169.254:9083',
  ])
    assert.match(
      (await client.refusal(createHive(uri).replace(' h ', ' x '))).message,
      /^Access denied: the instance may not connect to the Hive metastore at 'thrift:/,
      uri,
    )
  for (const [uri, says] of [
    [`http://127.0.0.1:${port}`, /^Invalid scheme of URI in hive.metastore.uris: http:/],
    ['file:///etc/passwd', /^Invalid scheme of URI/],
    [`${own}@127.0.0.1:${port}`, /^Invalid host of URI in hive.metastore.uris URI: /],
    [`thrift://user@127.0.0.1:${port}`, /^Invalid host of URI/],
    [`${own}0`, /^Invalid (host|port) of URI/],
    ['thrift://127.0.0.1', /^Invalid port of URI/],
    ['thrift://127.0.0.1:99999', /^Invalid port of URI/],
    ['', /^hive.metastore.uris must be set in properties when creating hive catalog$/],
  ] as const)
    assert.match((await client.refusal(createHive(uri).replace(' h ', ' x '))).message, says, uri)
  const bent = createHive(own, ', "aws.s3.access_key" = "k"').replace(' h ', ' x ')
  assert.match((await client.refusal(bent)).message, /property "aws.s3.access_key" of a catalog/)
  const kind = createHive(own, ', "hive.metastore.type" = "mine"').replace(' h ', ' x ')
  assert.match(
    (await client.refusal(kind)).message,
    /hive metastore type \[mine\] is not supported/,
  )
  // One that does not answer is skipped.
  const gone = createServer()
  gone.listen(0, '127.0.0.1')
  await once(gone, 'listening')
  const dead = `thrift://127.0.0.1:${(gone.address() as AddressInfo).port}`
  gone.close()
  await once(gone, 'close')
  await engine.setObjectStorage({ ...objects, hiveMetastores: [dead, `${own}/`] })
  await client.run(createHive(`${dead}, ${own}`).replace(' h ', ' two '))
  assert.deepEqual(await client.rows('SHOW TABLES FROM two.d'), [['t']])
  // Taken from the instance while it runs.
  await engine.setObjectStorage({ ...objects, hiveMetastores: [] })
  assert.match((await client.refusal('SELECT * FROM h.d.t')).message, /may not connect/)
  assert.deepEqual(called, [])
})

test('whatever folders a metastore names, the instance reads its own', { skip }, async (t) => {
  const { client, put, metastore } = await hiveClient(t, { 'd.t': good })
  const rows = await parquetOf(t, 'SELECT 1 AS id')
  await put('bucket-a/hive/t/p', rows)
  for (const location of [
    'file:///etc/',
    '/etc/',
    'hdfs://127.0.0.1:8020/etc',
    'http://127.0.0.1:1/x/',
    's3://bucket-c/x/',
    's3://bucket-a/../bucket-c/',
    's3://bucket-a/hive/../t',
    's3://bucket-a/hive/%2e%2e/t',
    's3://bucket-a/*/',
    's3://bucket-a/hive/t?s3_endpoint=127.0.0.1:1',
    's3://bucket-a//t',
    's3://Bucket/t',
    `s3://bucket-a/${'x'.repeat(2000)}`,
    's3://bucket-a/hive\u0000/t',
    '',
  ])
    for (const table of [
      { ...good, location },
      { ...good, partitionKeys: { p: 'int' }, partitions: [{ values: ['1'], location }] },
      { ...good, location, inputFormat: TEXT, serde: LAZY },
    ]) {
      metastore.tables.set('d.t', table)
      const { message } = await client.refusal('SELECT * FROM h.d.t')
      assert.match(message, /^Access storage error|No files|does not exist/, location)
      assert.doesNotMatch(message, /root:/)
    }
  // A name is text, whatever stands in it.
  const name = "a'); DROP TABLE x; --"
  metastore.tables.set('d.t', { ...good, fields: { [name]: 'int', '"': 'string' } })
  assert.deepEqual(await client.rows('SELECT * FROM h.d.t'), [[null, null]])
  metastore.tables.set('d.t', { ...good, location: "s3://bucket-a/hive/t'); SELECT 1; --" })
  assert.deepEqual(await client.rows('SELECT * FROM h.d.t'), [])
  const value = "'} , '"
  const partitions = [{ values: [value], location: good.location }]
  metastore.tables.set('d.t', { ...good, partitionKeys: { p: 'string' }, partitions })
  assert.deepEqual(await client.rows('SELECT p FROM h.d.t'), [[value]])
  for (const broken of [
    { ...good, partitionKeys: { p: 'int' }, partitions: [{ values: [], location: 's3://x/' }] },
    { ...good, fields: { id: `array<${'array<'.repeat(100)}int` } },
    { ...good, fields: { id: `struct<${'a:int,'.repeat(20_000)}b:int>` } },
    { ...good, fields: { id: 'decimal(99,2)' } },
    { ...good, fields: { id: 'int', ID: 'int' } },
  ]) {
    metastore.tables.set('d.t', broken)
    assert.ok((await client.refusal('SELECT * FROM h.d.t')).message)
  }
})

test(
  'an answer that is none, too long, or never there ends the statement alone',
  { skip },
  async (t) => {
    const { client, metastore } = await hiveClient(t, { 'd.t': good })
    const whole = replyOf('get_all_databases', { 0: ['default'] })
    const claimed = (bytes: readonly number[]) =>
      Buffer.concat([replyOf('x', {}).subarray(0, -1), Buffer.from(bytes)])
    const answers: readonly (readonly [string, RegExp, (socket: Socket) => void])[] = [
      ['HTTP', /does not speak Thrift/, (it) => it.end('HTTP/1.1 200 OK\r\n\r\n')],
      ['half of one', /breaks off/, (it) => it.end(whole.subarray(0, whole.length - 3))],
      ['nothing', /breaks off|does not answer/, (it) => it.destroy()],
      ['a fault', /refuses the question/, (it) => it.end(replyOf('x', { 1: 'Needle' }, 3))],
      ['a declared fault', /refuses it/, (it) => it.end(replyOf('x', { 1: { 1: 'Needle' } }))],
      ['a type of nobody', /does not speak Thrift/, (it) => it.end(claimed([99, 0, 0]))],
      [
        'a text of two gigabytes',
        /longer than/,
        (it) => it.write(claimed([11, 0, 0, 0x7f, 0xff, 0xff, 0xff])),
      ],
      [
        'a list of minus one',
        /does not speak Thrift/,
        (it) => it.write(claimed([15, 0, 0, 11, 0xff, 0xff, 0xff, 0xff])),
      ],
      [
        'lists of two billion nothings',
        /values|longer/,
        (it) =>
          it.end(
            Buffer.concat([
              claimed([15, 0, 0, 2, 0x7f, 0xff, 0xff, 0xff]),
              Buffer.alloc(3_000_000),
            ]),
          ),
      ],
      [
        'a structure in a structure in a structure',
        /nests more than/,
        (it) => it.end(claimed(Array.from({ length: 3000 }, () => [12, 0, 0]).flat())),
      ],
      [
        'text without end',
        /longer than/,
        (it) => {
          it.write(claimed([11, 0, 0, 0x03, 0xff, 0xff, 0xff]))
          const more = Buffer.alloc(1024 * 1024)
          const flood = () => {
            while (!it.destroyed && it.write(more));
          }
          it.on('drain', flood)
          flood()
        },
      ],
    ]
    for (const [what, says, instead] of answers) {
      metastore.instead = instead
      const { message } = await client.refusal('SHOW DATABASES FROM h')
      assert.match(message, says, what)
      assert.match(
        message,
        /^Access storage error\. Error message: Failed to getAllDatabases, msg: /,
      )
      assert.doesNotMatch(message, /Needle/)
    }
    metastore.instead = () => undefined
    const began = performance.now()
    assert.match((await client.refusal('SHOW DATABASES FROM h')).message, /does not answer in time/)
    assert.ok(performance.now() - began < 30_000)
    metastore.instead = undefined
    assert.equal((await client.rows('SHOW DATABASES FROM h')).length, 3)
  },
)
