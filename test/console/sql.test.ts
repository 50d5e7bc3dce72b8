/** Statements of a page on an instance that really runs: bounded, cancelled, and by nobody who does not see the cluster. */
import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { chartOf, firstChoice } from '../../console/sql/chart.ts'
import { csvOf, isKept, namespaceOf } from '../../console/sql/table.ts'
import { limits } from '../../src/limits.ts'
import { startCloud } from '../support/fixture/cloud.ts'
import {
  ADMIN_PASSWORD,
  createInstance,
  localDataDirectory,
  smallEngines,
} from '../support/engine/local-instances.ts'
import { consoleBrowser, rootOf } from '../support/http/console.ts'

const page = { type: 'text/html', bytes: Buffer.from('<p>page</p>'), packed: Buffer.from('') }
const frontEnd = async () => new Map([['index.html', page]])

async function start(t: TestContext) {
  const cloud = await startCloud(t, {
    frontEnd,
    dataDir: localDataDirectory(t),
    config: smallEngines,
  })
  const { id } = await createInstance(cloud.port)
  const browser = consoleBrowser(cloud.port)
  await browser.signIn()
  let count = 0
  const run = (text: string, more: object = {}) =>
    browser.send('sql', {
      cluster: id,
      id: `statement-${count++}`,
      user: 'admin',
      password: ADMIN_PASSWORD,
      text,
      ...more,
    })
  return { cloud, id, browser, run }
}

test('statements run as a user of the database, within bounds, until they are cancelled', async (t) => {
  const { cloud, id, browser, run } = await start(t)
  const { body } = await run(
    "SELECT 1 AS one, NULL AS nothing, '<b>ü</b>' AS text, 12345678901234567890 AS large",
  )
  assert.deepEqual(
    [body.columns, body.rows, body.cut, body.problem],
    [
      ['one', 'nothing', 'text', 'large'],
      [['1', null, '<b>ü</b>', '12345678901234567890']],
      null,
      null,
    ],
  )
  await run('CREATE DATABASE shop')
  await run('CREATE TABLE t (id INT, name STRING) DUPLICATE KEY(id)', { database: 'shop' })
  assert.equal(
    (await run("INSERT INTO t VALUES (1, 'a'), (2, 'b')", { database: 'shop' })).body.affected,
    2,
  )
  const columns = await run(
    "SELECT table_schema, table_name, column_name FROM information_schema.columns WHERE table_schema = 'shop'",
  )
  assert.deepEqual(Object.keys(namespaceOf(columns.body.rows)['shop']?.['t'] ?? {}).length, 2)
  const many = await run('SELECT * FROM TABLE(generate_series(1, 5000))')
  assert.deepEqual([many.body.rows.length, many.body.cut], [limits.consoleSqlRows, 'rows'])
  const large = await run("SELECT repeat('x', 400000) FROM TABLE(generate_series(1, 9))")
  assert.equal(large.body.cut, 'bytes')
  assert.ok(large.text.length < 3 * limits.consoleSqlBytes)
  assert.match((await run('SELEKT 1')).body.problem, /SELEKT|syntax/i)
  const wrong = await run('SELECT 1', { password: 'guess' })
  assert.deepEqual([wrong.status, /Access denied/.test(wrong.body.error)], [409, true])
  const long = run('SELECT sleep(60)', { id: 'statement-long' })
  const other = consoleBrowser(cloud.port)
  await other.signIn()
  const progressOf = async () =>
    (await browser.send('sql/progress', { id: 'statement-long' })).body.progress
  let progress = await progressOf()
  for (let look = 0; look < 300 && !(progress?.phase === 'running' && progress.ms > 500); look++) {
    await pause(100)
    progress = await progressOf()
  }
  assert.deepEqual(
    [progress.phase, progress.rows, progress.mostMs],
    ['running', 0, limits.consoleSqlMs],
  )
  const foreignProgress = await other.send('sql/progress', { id: 'statement-long' })
  assert.equal(foreignProgress.body.progress, null)
  assert.equal((await other.send('sql/cancel', { id: 'statement-long' })).body.cancelled, false)
  assert.equal((await browser.send('sql/cancel', { id: 'statement-long' })).body.cancelled, true)
  const ended = (await long).body
  assert.ok(ended.problem !== null || ended.ms < 50_000, JSON.stringify(ended))
  assert.equal((await browser.send('sql/cancel', { id: 'statement-long' })).body.cancelled, false)
  // Somebody of another cloud does not see the cluster, so that no password is ever tried for them.
  const foreign = consoleBrowser(cloud.port)
  await foreign.signIn(rootOf('tencent'))
  const asked = {
    cluster: id,
    id: 'statement-foreign',
    user: 'admin',
    password: ADMIN_PASSWORD,
    text: 'SELECT 1',
  }
  assert.equal((await foreign.send('sql', asked)).status, 404)
  assert.equal((await browser.send('sql', { ...asked, id: '../x' })).status, 400)
  assert.equal(
    (await browser.send('sql', { ...asked, host: 'evil.example', port: 1 })).body.rows[0][0],
    '1',
  )
  assert.equal((await consoleBrowser(cloud.port).send('sql', asked)).status, 401)
})

test('a result is CSV that no spreadsheet runs, and what may have a password in it is not remembered', () => {
  assert.equal(
    csvOf(
      ['a', 'b,c'],
      [
        ['1', null],
        ['=HYPERLINK("x")', '-1.5'],
        ['', 'two\nlines'],
      ],
    ),
    'a,"b,c"\r\n1,\r\n"\'=HYPERLINK(""x"")",-1.5\r\n"","two\nlines"\r\n',
  )
  assert.deepEqual(
    [isKept('SELECT 1'), isKept("CREATE USER a IDENTIFIED BY 'x'"), isKept(' ')],
    [true, false, false],
  )
  assert.deepEqual(
    { ...namespaceOf([['__proto__', 'constructor', 'x']])['__proto__'] },
    { constructor: ['x'] },
  )
})

test('a result is drawn as bars by names and as a line over numbers and times, with round ticks; without numbers not at all', () => {
  const named = [
    ['north', '3'],
    ['south', '-1.5'],
    [null, null],
  ]
  assert.deepEqual(firstChoice(['region', 'sold'], named), { along: 0, of: 1 })
  const bars = chartOf(named, { along: 0, of: 1 })
  assert.deepEqual(
    [bars.kind, bars.points.map(({ label, value }) => [label, value]), bars.ticks],
    [
      'bars',
      [
        ['north', 3],
        ['south', -1.5],
      ],
      [-2, 0, 2, 4],
    ],
  )
  const dated = [
    ['2026-03-02', '10'],
    ['2026-03-01 12:00:00', '7'],
  ]
  const line = chartOf(dated, { along: 0, of: 1 })
  assert.deepEqual(
    [line.kind, line.points.map(({ value }) => value), line.ticks],
    ['line', [7, 10], [0, 5, 10]],
  )
  assert.deepEqual(
    firstChoice(
      ['a', 'b'],
      [
        ['1', '2'],
        ['2', '3'],
      ],
    ),
    { along: 0, of: 1 },
  )
  assert.equal(
    firstChoice(
      ['a', 'b'],
      [
        ['x', 'y'],
        ['z', null],
      ],
    ),
    undefined,
  )
  assert.equal(firstChoice(['a'], []), undefined)
})
