import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { connect, testDirectory, testEngine } from '../support/open-engine.ts'
import type { OpenEngine } from '../support/open-engine.ts'

const ROUNDS = process.env.EMRYS_LONG === '1' ? 30 : 5
const CHILD = new URL('crash-child.ts', import.meta.url).pathname
const RECOVERING = new URL('recover-child.ts', import.meta.url).pathname

/** Runs the child until it has acknowledged `count` loads or more, and kills it while it continues. */
const killAfter = (directory: string, base: string, count: number): Promise<string[]> =>
  killed([CHILD, directory, base], count)

async function killed(program: readonly string[], count: number): Promise<string[]> {
  const child = spawn(process.execPath, program, {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const acknowledged: string[] = []
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith('done ')) acknowledged.push(line.slice(5))
    if (acknowledged.length === count) child.kill('SIGKILL')
  }
  if (child.exitCode === null && child.signalCode === null) {
    await new Promise((resolve) => child.once('exit', resolve))
  }
  assert.equal(child.signalCode, 'SIGKILL')
  return acknowledged
}

async function checkWhole(engine: OpenEngine, acknowledged: readonly string[]): Promise<void> {
  const client = await connect(engine, 'admin', 'd')
  const found = new Map<string, number>()
  for (const table of ['dup', 'pri']) {
    for (const [label, count] of await client.rows(
      `SELECT label, count(*) FROM ${table} GROUP BY label`,
    )) {
      found.set(String(label), Number(count))
    }
  }
  for (const label of acknowledged) {
    assert.equal(found.get(label), 500, `${label} was acknowledged`)
    assert.equal(engine.findLoad('d', label)?.state, 'VISIBLE')
  }
  for (const [label, count] of found) {
    assert.equal(count, 500, `${label} is whole`)
    assert.equal(engine.findLoad('d', label)?.state, 'VISIBLE', `${label} is known`)
  }
  const finished = await client.rows(
    "SELECT LABEL FROM information_schema.loads WHERE STATE = 'FINISHED'",
  )
  for (const [label] of finished)
    assert.equal(found.get(String(label)), 500, `${String(label)} has its rows`)
}

test('after kill -9 during loads, acknowledged rows are all there and no label counts twice', async (t) => {
  const directory = await testDirectory(t)
  const first = await testEngine(t, { directory })
  const client = await connect(first)
  await client.run(`CREATE DATABASE d; USE d;
    CREATE TABLE dup (label VARCHAR(50), n INT) DUPLICATE KEY(label) DISTRIBUTED BY HASH(label);
    CREATE TABLE pri (label VARCHAR(50), n INT) PRIMARY KEY(label, n) DISTRIBUTED BY HASH(label)`)
  await first.close()
  const acknowledged: string[] = []
  for (let round = 0; round < ROUNDS; round++) {
    acknowledged.push(...(await killAfter(directory, `r${round}`, 3 + round * 2)))
    const engine = await testEngine(t, { directory })
    await checkWhole(engine, acknowledged)
    const last = acknowledged.at(-1) ?? ''
    await assert.rejects(
      engine.beginLoad({
        user: { user: 'admin', host: '%' },
        database: 'd',
        table: 'dup',
        label: last,
        columns: undefined,
        where: undefined,
        partitions: [],
        maxFilterRatio: 0,
        strict: true,
        partialUpdate: false,
        mergeCondition: undefined,
        timeZone: undefined,
        timeoutSeconds: 60,
      }),
      /already been used/,
    )
    await engine.close()
  }
  assert.ok(acknowledged.length >= ROUNDS * 3)
})

/** What is there after each statement of the child's turn, as `present` says it. */
const turn = ['p2 100', 'p1 p2 200', 'none', 'p1 p2 200']

async function present(engine: OpenEngine): Promise<string> {
  const client = await connect(engine, 'admin', 'd')
  if ((await client.rows('SHOW TABLES')).length === 0) return 'none'
  const partitions = await client.rows('SHOW PARTITIONS FROM t')
  const [[count] = []] = await client.rows('SELECT count(*) FROM t')
  return [...partitions.map((row) => String(row[1])).toSorted(), count].join(' ')
}

test('after kill -9 what was dropped is dropped, and what was recovered is whole', async (t) => {
  const directory = await testDirectory(t)
  const first = await testEngine(t, { directory })
  const client = await connect(first)
  await client.run(`CREATE DATABASE d; USE d;
    CREATE TABLE t (k INT NOT NULL) DUPLICATE KEY(k) PARTITION BY RANGE(k) (PARTITION p1 VALUES LESS THAN ("100"), PARTITION p2 VALUES LESS THAN ("200"))
      DISTRIBUTED BY HASH(k);
    INSERT INTO t SELECT generate_series FROM TABLE(generate_series(0, 199))`)
  await first.close()
  for (let round = 0; round < ROUNDS; round++) {
    const acknowledged = await killed([RECOVERING, directory], 5 + round)
    const engine = await testEngine(t, { directory })
    const last = Number(acknowledged.at(-1))
    const found = await present(engine)
    assert.ok([turn[last % 4], turn[(last + 1) % 4]].includes(found), `${found} after ${last}`)
    const again = await connect(engine, 'admin', 'd')
    if (found === 'none') await again.run('RECOVER TABLE t')
    if (found === turn[0]) await again.run('RECOVER PARTITION p1 FROM t')
    assert.equal(await present(engine), 'p1 p2 200')
    await engine.close()
  }
})
