/**
 * Random statements on tables of the instance's own volume and of two others, with an engine that is killed at any moment and loses its
 * disk in whole or in part: what was acknowledged is there again, and of the statement that was cut off all or nothing. A second engine
 * that was never killed, and keeps all on its disk, shows what is right.
 */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { skipWithout } from '../../../../test/support/engine/module.ts'
import { memoryStore } from '../support/memory-store.ts'
import { testClient, testDirectory, type Client } from '../support/open-engine.ts'
import { createVolume, volumeOptions } from '../support/volume-engine.ts'
import { numbers, startVolumeEngine } from '../support/volume-process.ts'

const ROUNDS = process.env.EMRYS_LONG === '1' ? 80 : 2
const SEED = Number(process.env.EMRYS_SEED ?? '1')

const COLUMNS = '(k BIGINT, v VARCHAR(200), n BIGINT)'
const PRIMARY = `${COLUMNS} PRIMARY KEY(k) DISTRIBUTED BY HASH(k)`
const PLAIN = `${COLUMNS} DUPLICATE KEY(k) DISTRIBUTED BY HASH(k)`
const PARTS = `${COLUMNS} DUPLICATE KEY(k) PARTITION BY (n) DISTRIBUTED BY HASH(k)`
const placed = (volume: string) => `PROPERTIES ("storage_volume" = "${volume}")`
const onDisk = (text: string) => text.replaceAll(/PROPERTIES \("storage_volume" = "\w+"\)/g, '')

const CREATE = [
  'CREATE DATABASE x',
  `CREATE DATABASE y ${placed('v')}`,
  `CREATE TABLE x.p ${PRIMARY}`,
  `CREATE TABLE y.p ${PRIMARY}`,
  `CREATE TABLE x.d ${PLAIN} ${placed('w')}`,
  `CREATE TABLE y.d ${PLAIN}`,
  `CREATE TABLE y.parts ${PARTS}`,
]
const TABLES = ['x.p', 'y.p', 'x.d', 'y.d', 'y.parts']
let labels = 0

function statement(pick: (below: number) => number): string {
  const table = TABLES[pick(4)]
  const from = pick(100_000)
  const series = (count: number, value: string) =>
    `SELECT generate_series, ${value}, generate_series * 7 FROM TABLE(generate_series(${from}, ${from + count}))`
  switch (pick(16)) {
    case 0:
      return `INSERT INTO ${table} ${series(125_000 + pick(20_000), 'md5(generate_series)')}`
    case 1:
      return `INSERT OVERWRITE ${table} ${series(pick(20_000), "concat('o', generate_series)")}`
    case 2:
      return `TRUNCATE TABLE ${table}`
    case 3:
      return `UPDATE ${TABLES[pick(2)]} SET n = n + ${pick(100)} WHERE k % ${1 + pick(50)} = 0`
    case 4:
      return `DELETE FROM ${TABLES[pick(2)]} WHERE k BETWEEN ${from} AND ${from + pick(50_000)}`
    case 5:
      return `INSERT INTO x.d SELECT k, v, n FROM ${table} WHERE k % 3 = ${pick(3)} AND n < 700000`
    case 6:
      return `INSERT INTO y.p SELECT k, v, n FROM x.p WHERE k % 5 = ${pick(5)}`
    case 7:
      return `INSERT INTO y.parts VALUES (${from}, 'p', ${pick(30)}), (${from}, 'q', ${pick(30)})`
    case 8:
      return `CREATE TABLE y.t${pick(3)} ${pick(2) === 0 ? PLAIN : PRIMARY} ${placed(pick(2) === 0 ? 'v' : 'w')}`
    case 9:
      return `DROP TABLE y.t${pick(3)} FORCE`
    case 10:
      return `ALTER TABLE y.t${pick(3)} RENAME t${pick(3)}`
    case 11:
      return `ALTER TABLE y.t${pick(3)} ADD COLUMN c${pick(3)} INT DEFAULT "1"`
    case 12:
    case 13:
      return `INSERT INTO ${table} WITH LABEL l${labels++} VALUES (${from}, 'labelled', 1)`
    default:
      return `INSERT INTO ${table} VALUES (${from}, 'v${from}', ${pick(1000)})`
  }
}

const DIGEST = [
  ...TABLES.map(
    (table) =>
      `SELECT '${table}' AS a, count(*) AS b, sum(k) AS c, sum(n), sum(murmur_hash3_32(v)), sum(k % 1009 * n) FROM ${table}`,
  ),
  `SELECT concat(table_name, '.', column_name), 1, 1, 1, 1, 1 FROM information_schema.columns WHERE table_schema = 'y'`,
  `SELECT concat('partition ', partition_name), 1, 1, 1, 1, 1 FROM information_schema.partitions_meta WHERE table_name = 'parts'`,
].join(' UNION ALL ')

const digestOf = async (twin: Client) => JSON.stringify(await twin.rows(`${DIGEST} ORDER BY 1`))

const outcome = (work: Promise<unknown>): Promise<'done' | 'failed'> =>
  work.then(
    () => 'done' as const,
    () => 'failed' as const,
  )

test(
  'an engine that is killed and loses its disk comes back with every acknowledged row of each volume',
  { skip: skipWithout('httpfs') },
  async (t) => {
    const pick = numbers(SEED)
    const directory = await testDirectory(t)
    const store = await memoryStore(t)
    const { client: twin } = await testClient(t)
    const options = volumeOptions(store)
    const start = () => startVolumeEngine(t, directory, options)
    let child = await start()
    for (const name of ['v', 'w'])
      assert.equal(await child.ask(createVolume(name).replaceAll('\n', ' ')), 'done')
    for (const text of CREATE) {
      assert.equal(await child.ask(text), 'done')
      await twin.run(onDisk(text))
    }
    for (let round = 0; round < ROUNDS; round++) {
      for (let left = 5 + pick(10); left > 0; left--) {
        const text = statement(pick)
        const said = await child.ask(text)
        assert.equal(said.split(' ')[0], await outcome(twin.run(onDisk(text))), `${text}: ${said}`)
      }
      const cutOff = statement(pick)
      const answer = child.ask(cutOff)
      await Promise.race([answer, pause(pick(400))])
      child.process.kill('SIGKILL')
      await once(child.process, 'exit')
      const said = await answer
      const lost = lose(directory, pick(7))
      child = await start()
      // A labelled statement may be sent again until it is known to be there.
      const isLabelled = cutOff.includes('WITH LABEL')
      if (isLabelled) assert.match(await child.ask(cutOff), /^done|has already been used/)
      const found = await child.ask(`?${DIGEST} ORDER BY 1`)
      const isThere = said === 'done' || isLabelled || found !== (await digestOf(twin))
      if (isThere) await outcome(twin.run(onDisk(cutOff)))
      const where = `round ${round}, lost ${lost}, cut off ${said.slice(0, 20)}: ${cutOff}`
      assert.equal(found, await digestOf(twin), where)
    }
  },
)

/** Of the instance's files and of those of the volumes. */
function lose(directory: string, what: number): string {
  const names = readdirSync(directory, { recursive: true, encoding: 'utf8' })
  const lost = {
    0: [],
    1: readdirSync(directory),
    2: names.filter((name) => name.endsWith('.duckdb')),
    3: names.filter((name) => name.endsWith('.wal')),
    4: names.filter((name) => name.endsWith('volume.json')),
    5: ['volume'],
    6: names.filter((name) => name.startsWith('instance.duckdb')),
  }[what] as string[]
  for (const name of lost) rmSync(join(directory, name), { recursive: true, force: true })
  return lost.join(', ')
}
