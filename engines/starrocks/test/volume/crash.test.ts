/**
 * Random statements on an engine with a volume, which is killed at any moment and whose directory is lost in whole or in part: what was
 * acknowledged is there again, and of the statement that was cut off all or nothing. A second engine that was never killed tells what is right.
 */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { bucket, memoryStore, type MemoryStore } from '../support/memory-store.ts'
import { testClient, testDirectory, type Client } from '../support/open-engine.ts'
import { numbers, startVolumeEngine } from '../support/volume-process.ts'

const ROUNDS = process.env.EMRYS_LONG === '1' ? 60 : 3
const SEED = Number(process.env.EMRYS_SEED ?? '1')

const TABLES = ['p', 'd', 'e']
const CREATE = `CREATE DATABASE IF NOT EXISTS x;
  CREATE TABLE IF NOT EXISTS x.p (k BIGINT, v VARCHAR(200), n BIGINT) PRIMARY KEY(k) DISTRIBUTED BY HASH(k);
  CREATE TABLE IF NOT EXISTS x.d (k BIGINT, v VARCHAR(200), n BIGINT) DUPLICATE KEY(k) DISTRIBUTED BY HASH(k);
  CREATE TABLE IF NOT EXISTS x.e (k BIGINT, v VARCHAR(200), n BIGINT) DUPLICATE KEY(k) DISTRIBUTED BY HASH(k)`

function statement(pick: (below: number) => number): string {
  const table = `x.${TABLES[pick(3)]}`
  const from = pick(300_000)
  const series = (count: number, value: string) =>
    `SELECT generate_series, ${value}, generate_series * 7 FROM TABLE(generate_series(${from}, ${from + count}))`
  switch (pick(12)) {
    case 0:
      // Enough to be written into the file before its commit.
      return `INSERT INTO ${table} ${series(150_000 + pick(200_000), 'md5(generate_series)')}`
    case 1:
      return `INSERT OVERWRITE ${table} ${series(pick(200_000), "concat('o', generate_series)")}`
    case 2:
      return `TRUNCATE TABLE ${table}`
    case 3:
      return `UPDATE x.p SET n = n + ${pick(100)} WHERE k % ${1 + pick(50)} = 0`
    case 4:
      return `DELETE FROM ${table} WHERE k BETWEEN ${from} AND ${from + pick(100_000)}`
    case 5:
      return `INSERT INTO x.e SELECT k, v, n FROM ${table} WHERE k % 3 = ${pick(3)} AND n < 2000000`
    case 6:
      return `INSERT INTO ${table} ${series(pick(30_000), "concat('s', generate_series)")}`
    case 7:
      return `UPDATE x.p SET v = 'one' WHERE k = ${from}`
    default:
      return `INSERT INTO ${table} VALUES (${from}, 'v${from}', ${pick(1000)})`
  }
}

const DIGEST = TABLES.map(
  (table) =>
    `SELECT '${table}', count(*), sum(k), sum(n), sum(murmur_hash3_32(v)), sum(k % 1009 * n) FROM x.${table}`,
).join(' UNION ALL ')

const optionsOf = ({ endpoint }: MemoryStore) => ({
  volume: {
    endpoint,
    region: 'r',
    bucket,
    prefix: 'i-1/',
    key: { keyId: 'id', secret: 'secret' },
    // Many of them in little time.
    checkpointAt: { bytes: 200_000, records: 7 },
  },
})

const digestOf = async (twin: Client) => JSON.stringify(await twin.rows(`${DIGEST} ORDER BY 1`))

test('an engine that is killed and loses its disk comes back with every acknowledged row', async (t) => {
  const pick = numbers(SEED)
  const directory = await testDirectory(t)
  const store = await memoryStore(t)
  const { client: twin } = await testClient(t)
  await twin.run(CREATE)
  let child = await startVolumeEngine(t, directory, optionsOf(store))
  for (const text of CREATE.split(';'))
    assert.equal(await child.ask(text.replaceAll('\n', ' ')), 'done')
  for (let round = 0; round < ROUNDS; round++) {
    for (let left = 3 + pick(10); left > 0; left--) {
      const text = statement(pick)
      assert.equal(await child.ask(text), 'done', text)
      await twin.run(text)
    }
    const cutOff = statement(pick)
    const answer = child.ask(cutOff)
    await Promise.race([answer, pause(pick(400))])
    child.process.kill('SIGKILL')
    await once(child.process, 'exit')
    const said = await answer
    const lost = lose(directory, pick(5))
    child = await startVolumeEngine(t, directory, optionsOf(store))
    const found = await child.ask(`?${DIGEST} ORDER BY 1`)
    if (said === 'done' || found !== (await digestOf(twin))) await twin.run(cutOff)
    assert.equal(
      found,
      await digestOf(twin),
      `round ${round}, lost ${lost}, cut off ${said.slice(0, 20)}: ${cutOff}`,
    )
  }
})

function lose(directory: string, what: number): string {
  const names = readdirSync(directory)
  const lost = {
    0: [],
    1: names,
    2: names.filter((name) => name.endsWith('.duckdb')),
    3: names.filter((name) => name.endsWith('.wal')),
    4: names.filter((name) => name === 'volume.json'),
  }[what] as string[]
  for (const name of lost) rmSync(join(directory, name), { recursive: true })
  return lost.join(', ')
}
