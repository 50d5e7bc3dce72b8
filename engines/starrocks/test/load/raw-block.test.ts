import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { DuckDBInstance } from '@duckdb/node-api'
import { blocksOf, partsOf, rawBlocks } from '../../src/load/raw-block.ts'
import { inAnyOrder, linkOf } from '../../src/storage/link.ts'
import { testClient } from '../support/open-engine.ts'
import { PRIMARY, request } from './request.ts'

const KEYS = 40_000
const TIMES = 40

async function openLink(t: TestContext) {
  const instance = await DuckDBInstance.create(':memory:')
  t.after(() => instance.closeSync())
  const link = linkOf(await instance.connect(), { onFatal() {} }, (text) => text)
  t.after(() => link.close())
  return link
}

test('of many megabytes that threads read side by side, the row of a key that came last stays', async (t) => {
  const { engine, client } = await testClient(t)
  await client.run(PRIMARY)
  const load = await engine.beginLoad({
    ...request({ label: 'long' }),
    text: { columnSeparator: ',', rowDelimiter: '\n', nullText: '\\N' },
  })
  for (let time = 1; time <= TIMES; time++) {
    const rows = Array.from({ length: KEYS }, (_, key) => `${key},${time},x,${key % 7}`).join('\n')
    await load.writeText(Buffer.from(rows), rows.length)
  }
  const { total, loaded } = await load.commit()
  assert.deepEqual([total, loaded], [KEYS * TIMES, KEYS * TIMES])
  assert.deepEqual(await client.rows('SELECT count(*), min(v), max(v), sum(k) FROM t'), [
    [KEYS, TIMES, TIMES, (KEYS * (KEYS - 1)) / 2],
  ])
})

test('parts of the blocks have each of them once, and are no longer than DuckDB can copy', async (t) => {
  const link = await openLink(t)
  const raw = await rawBlocks(link, 1, 2)
  const text = (block: number) => `${block}:é\0${'x'.repeat(5000)}`
  const wanted = Array.from({ length: 3000 }, (_, block) => [text(block), BigInt(block)])
  for (let at = 0; at < wanted.length; at += 100) {
    const blocks = wanted.slice(at, at + 100).map(([block]) => Buffer.from(String(block)))
    raw.append(blocks, at % 200 === 0)
  }
  const rows = raw.finish()
  assert.equal(
    rows.bytes,
    wanted.reduce((sum, [block]) => sum + Buffer.byteLength(String(block)), 0),
  )
  for (const [memoryBytes, count] of [
    [60_000_000, 1],
    [15_000_000, 4],
    [700_000, 64],
  ] as const) {
    const parts = partsOf(rows, memoryBytes)
    assert.equal(parts.length, count)
    const found = []
    for (const part of parts) {
      const blocks = await link.rows(`FROM ${blocksOf(part)} ORDER BY number`)
      const bytes = blocks.reduce((sum, [block]) => sum + Buffer.byteLength(String(block)), 0)
      assert.ok(bytes * 3 < memoryBytes * 1.05)
      found.push(...blocks)
    }
    assert.deepEqual(found, wanted)
  }
  assert.equal((await link.rows(`FROM ${blocksOf(rows, 'documents')}`)).length, 1500)
})

test('rows stand in any order only while they are written that may', async (t) => {
  const link = await openLink(t)
  const kept = () => link.rows("SELECT current_setting('preserve_insertion_order')")
  assert.deepEqual(await inAnyOrder(link, kept), [[false]])
  await assert.rejects(inAnyOrder(link, () => link.run('SELECT error(1)')))
  assert.deepEqual(await kept(), [[true]])
})
