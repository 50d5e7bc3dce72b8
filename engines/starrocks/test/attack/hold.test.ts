/** No statement holds up the sessions beside it: how long the thread that all share works without turning to another one. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { heldBriefly } from '../support/held.ts'
import { busy, testClient } from '../support/open-engine.ts'

const list = (count: number, item: (index: number) => string, separator = ',') =>
  Array.from({ length: count }, (_, index) => item(index)).join(separator)

const WIDE = 2_000
const statements: readonly (readonly [string, string])[] = [
  ['millions of escapes', `SELECT length('${'\\\\'.repeat(3_000_000)}')`],
  ['millions of doubled quotes', `SELECT length('${"''".repeat(1_000_000)}')`],
  ['a text of megabytes', `SELECT length('${'a'.repeat(4_000_000)}')`],
  ['a comment of tens of megabytes', `SELECT 1 /*${'a'.repeat(30_000_000)}*/`],
  ['thousands of select items', `SELECT ${list(5_000, (index) => `a + ${index}`)} FROM one`],
  [
    'thousands of expressions in IN',
    `SELECT count(*) FROM one WHERE a IN (${list(3_000, (index) => `a + ${index}`)})`,
  ],
  [
    'thirty thousand values',
    `SELECT count(*) FROM (VALUES ${list(1_000, (index) => `(${list(30, (at) => `'${index + at}'`)})`)}) t`,
  ],
  [
    'rows of VALUES',
    `INSERT INTO one VALUES ${list(10_000, (index) => `(${index}, 'text ${index}')`)}`,
  ],
  [
    'thousands of branches of CASE',
    `SELECT CASE ${list(3_000, (index) => `WHEN a = ${index} THEN 's${index}'`, ' ')} END FROM one`,
  ],
  [
    'lists in lists',
    `SELECT ${list(100, (at) => `array_length([${list(30, (index) => `a + ${index + at}`)}])`)} FROM one`,
  ],
  [
    'thousands of alternatives',
    `DELETE FROM one WHERE ${list(2_000, (index) => `a = ${-index - 2}`, ' OR ')}`,
  ],
  ['a row of thousands of columns', 'SELECT * FROM wide'],
  [
    'thousands of columns by their names',
    `SELECT ${list(WIDE, (index) => `c${index}`)} FROM wide ORDER BY ${list(WIDE, (index) => `c${index}`)}`,
  ],
  [
    'an INSERT that names thousands of columns',
    `INSERT INTO wide (${list(WIDE, (index) => `c${index}`)}) VALUES (${list(WIDE, String)})`,
  ],
  [
    'a million values of an answer',
    `SELECT ${list(300, (index) => `x + ${index}`)} FROM TABLE(generate_series(1, 3000)) t(x)`,
  ],
  [
    'arrays of an answer',
    'SELECT array_generate(1, 500) FROM TABLE(generate_series(1, 2048)) t(x)',
  ],
  [
    'what information_schema says of thousands of columns',
    "SELECT * FROM information_schema.columns WHERE table_name = 'widest'",
  ],
  ['an array of a million elements', 'SELECT array_generate(1, 1000000)'],
  [
    'an array of a hundred thousand arrays',
    'SELECT array_map(x -> [x, x + 1, x + 2], array_generate(1, 100000))',
  ],
  [
    'an array of long texts',
    `SELECT array_map(x -> repeat('abc"', 1000), array_generate(1, 1000))`,
  ],
  [
    'a map of hundreds of thousands of entries',
    'SELECT map_from_arrays(array_generate(1, 300000), array_generate(1, 300000))',
  ],
  ['a long array in a map in an array', 'SELECT [map{1: array_generate(1, 300000)}]'],
  ['a JSON of megabytes', `SELECT parse_json(concat('[', repeat('1,', 500000), '2]'))`],
  [
    'a bitmap of a million members as text',
    'SELECT length(bitmap_to_base64(bitmap_agg(x * 3))) FROM TABLE(generate_series(1, 1000000)) t(x)',
  ],
  [
    'a bitmap of a million members that is written and read',
    'SELECT bitmap_count(bitmap_from_binary(bitmap_to_binary(bitmap_agg(x)))) FROM TABLE(generate_series(1, 1000000)) t(x)',
  ],
  [
    'a bitmap of members far from each other that is written and read',
    'SELECT bitmap_count(bitmap_from_binary(bitmap_to_binary(bitmap_agg(x * 70000)))) FROM TABLE(generate_series(1, 500000)) t(x)',
  ],
  [
    'a bitmap of members far from each other as text',
    'SELECT length(bitmap_to_base64(bitmap_agg(x * 70000))) FROM TABLE(generate_series(1, 300000)) t(x)',
  ],
  [
    'a bitmap of members 2^32 apart as text',
    'SELECT length(bitmap_to_base64(bitmap_agg(x * 4294967296))) FROM TABLE(generate_series(1, 1000000)) t(x)',
  ],
  [
    'many JSON values of a hundred kilobytes',
    `SELECT parse_json(concat('[', repeat('1,', 50000), '2]')) FROM TABLE(generate_series(1, 40))`,
  ],
]

/** What can be done once, so that each try has a name of its own. */
const changes: readonly (readonly [string, (run: number) => string])[] = [
  [
    'thousands of partitions',
    (run) =>
      `CREATE TABLE p${run} (d DATE) PARTITION BY RANGE (d) (START ("2000-01-01") END ("2010-01-01") EVERY (INTERVAL 1 DAY))`,
  ],
  [
    'thousands of partitions one by one',
    (run) =>
      `CREATE TABLE q${run} (a INT) PARTITION BY RANGE (a) (${list(3_000, (at) => `PARTITION p${at} VALUES LESS THAN ("${at}")`)})`,
  ],
  [
    'thousands of partitions from the last to the first',
    (run) =>
      `CREATE TABLE l${run} (d DATETIME) PARTITION BY RANGE (d) (${list(9_000, (at) => `PARTITION p${at} VALUES [("${9_998 - at}-01-01"), ("${9_999 - at}-01-01"))`)})`.replaceAll(
        /"(\d{1,3})-/g,
        (_, year: string) => `"${year.padStart(4, '0')}-`,
      ),
  ],
  [
    'thousands of key columns',
    (run) =>
      `CREATE TABLE k${run} (${list(6_000, (at) => `c${at} INT`)}) DUPLICATE KEY(${list(6_000, (at) => `c${at}`)})`,
  ],
  [
    'thousands of generated columns',
    (run) =>
      `CREATE TABLE g${run} (a INT, ${list(3_000, (at) => `c${at} BIGINT AS a + ${at}`)}) DUPLICATE KEY(a)`,
  ],
]

const names = (run: number): string => list(1_200, (at) => `r${run}_${at}`)

/** Names of their own for each try. */
const ofRoles: typeof changes = [
  ['more than a thousand roles', (run) => `CREATE ROLE ${names(run)}`],
  ['more than a thousand roles dropped', (run) => `DROP ROLE IF EXISTS ${names(run)}`],
]

test('a statement at its bounds holds nobody up', async (t) => {
  const { client } = await testClient(t)
  await client.run('CREATE TABLE one (a INT, s VARCHAR(100)) DUPLICATE KEY(a)')
  await client.run("INSERT INTO one VALUES (-1, 'x')")
  await client.run(`CREATE TABLE wide (${list(WIDE, (index) => `c${index} INT`)})`)
  await client.run(`INSERT INTO wide VALUES (${list(WIDE, String)})`)
  await client.run(`CREATE TABLE widest (${list(6_000, (index) => `c${index} INT`)})`)
  for (const [name, sql] of [...statements, ...changes, ...ofPartitions, ...additions])
    await t.test(name, () => heldBriefly(client, sql))
})

const wideAgain = (depth: number): string =>
  Array.from({ length: depth }).reduce<string>(
    (below, _, at) => `(SELECT * FROM ${below}) q${at}`,
    'wide',
  )

/** Short texts that bring many columns; what the database makes of them is another matter. */
const translated: typeof changes = [
  [
    'thousands of columns in queries of queries',
    (run) => `SELECT count(*), ${run} FROM ${wideAgain(100)}`,
  ],
  [
    'thousands of columns in common tables of common tables',
    (run) =>
      `WITH t0 AS (SELECT * FROM wide), ${list(60, (at) => `t${at + 1} AS (SELECT * FROM t${at})`)} SELECT count(*), ${run} FROM t60`,
  ],
  [
    'thousands of columns again and again',
    (run) => `SELECT ${list(60, () => '*')}, ${run} FROM wide`,
  ],
  [
    'thousands of columns that are left out',
    (run) => `SELECT * EXCEPT (${list(1_900, (at) => `c${at}`)}), ${run} FROM wide`,
  ],
  [
    'a partition named thousands of times',
    (run) => `SELECT ${run} FROM p0 PARTITION (${list(10_000, () => 'p20091231')})`,
  ],
]

const defined: typeof changes = [
  [
    'a view of thousands of columns in queries of queries',
    (run) => `CREATE VIEW again${run} AS SELECT count(*) n FROM ${wideAgain(100)}`,
  ],
  [
    'thousands of partitions that are not there to be dropped',
    (run) =>
      `ALTER TABLE p0 DROP PARTITIONS IF EXISTS (${list(10_000, (at) => `none${run}_${at}`)})`,
  ],
]

test('a short text that brings many columns, or many names, holds nobody up', async (t) => {
  const { client } = await testClient(t)
  await client.run(`CREATE TABLE wide (${list(WIDE, (index) => `c${index} INT`)})`)
  for (const [, create] of changes.slice(0, 1)) await client.run(create(0))
  for (const [name, sql] of translated)
    await t.test(name, () => heldBriefly({ run: (text) => client.session.prepare(text) }, sql))
  for (const [name, sql] of defined) await t.test(name, () => heldBriefly(client, sql))
})

/** Longer than anything that they could mean. */
const endless: readonly (readonly [string, string])[] = [
  ['a pattern of names', `SHOW TABLES LIKE '${'%a_'.repeat(2_000_000)}'`],
  ['a value of a variable', `SET sql_mode = '${'ONLY_FULL_GROUP_BY,'.repeat(800_000)}'`],
]

test('patterns and values of megabytes hold nobody up', async (t) => {
  const { client } = await testClient(t)
  const run = (sql: string) => client.run(sql).catch(() => undefined)
  for (const [name, sql] of endless) await t.test(name, () => heldBriefly({ run }, sql))
  assert.match((await client.refusal(endless[1]?.[1] ?? '')).message, /can't be set to the value/)
})

const ofPartitions: readonly (readonly [string, string])[] = [
  ['SHOW PARTITIONS of thousands', 'SHOW PARTITIONS FROM p0'],
  ['SHOW TABLET of thousands', 'SHOW TABLET FROM p0'],
  [
    'what information_schema says of thousands of partitions',
    "SELECT * FROM information_schema.partitions_meta WHERE table_name = 'p0'",
  ],
  ['tablets of thousands', 'SELECT count(*) FROM information_schema.be_tablets'],
]

const additions: typeof changes = [
  [
    'thousands of partitions more',
    (run) =>
      `ALTER TABLE p0 ADD PARTITIONS START ("${2010 + 10 * run}-01-01") END ("${2020 + 10 * run}-01-01") EVERY (INTERVAL 1 DAY)`,
  ],
]

test('long lists of names hold nobody up', async (t) => {
  const { client } = await testClient(t)
  for (const [name, sql] of ofRoles) await t.test(name, () => heldBriefly(client, sql))
})

const keys = (from: number, to: number): string =>
  `'{', array_join(array_map(x -> concat('"key', x, '":', x, ','), array_generate(${from}, ${to})), '')`

const KEYS = keys(1, 70_000)

/** Of the engine's own: DuckDB asks for two thousand rows at once, and for more as soon as they are there. */
const ownFunctions: readonly (readonly [string, string, string])[] = [
  ['hashes of many short texts', 'murmur_hash3_32(s)', 'short'],
  ['hashes of long texts', 'crc32(s)', 'long'],
  ['digests of long texts', 'sha2(s, 512)', 'long'],
  ['ciphers of many short texts', "aes_encrypt(s, 'key')", 'short'],
  ['JSON compared with JSON', "parse_json(s) = parse_json('2')", 'short'],
  [
    'one JSON of hundreds of kilobytes',
    `parse_json(concat('[', repeat('1,', 100000), '2]')) = parse_json(concat('[', repeat('1,', 100000), a, ']'))`,
    'one',
  ],
  ...(['1.5', '1234567890123456789', '"ab"', '{"a":1,"b":2.5}'] as const).map(
    (element): readonly [string, string, string] => [
      `one JSON of hundreds of kilobytes of ${element}`,
      `parse_json(concat('[', repeat('${element},', ${Math.floor(400_000 / element.length)}), '2]')) = parse_json(concat('[', repeat('${element},', ${Math.floor(400_000 / element.length)}), a, ']'))`,
      'one',
    ],
  ),
  [
    'one JSON object of tens of thousands of keys',
    `parse_json(concat(${KEYS}, '"last":1}')) = parse_json(concat(${KEYS}, '"last":', a, '}'))`,
    'one',
  ],
  [
    'two JSON objects whose tens of thousands of keys stand in another order',
    `parse_json(concat(${keys(1, 40_000)}, '"last":1}')) = parse_json(concat(${keys(40_000, 1)}, '"last":', a, '}'))`,
    'one',
  ],
  [
    'shapes of many texts',
    `ST_AsText(ST_Polygon(concat('POLYGON((0 0,3 0,3 ', s, ',0 3,0 0))')))`,
    'short',
  ],
]

test('functions of the engine’s own hold nobody up', async (t) => {
  const { client } = await testClient(t)
  await client.run('CREATE TABLE one (a INT)')
  await client.run('INSERT INTO one VALUES (3)')
  for (const [name, rows, text] of [
    ['short', 20_000, 'cast(x AS VARCHAR)'],
    ['long', 400, "repeat(concat('ab', x), 20000)"],
  ] as const) {
    await client.run(`CREATE TABLE ${name} (s VARCHAR(1048576))`)
    await client.run(
      `INSERT INTO ${name} SELECT ${text} FROM TABLE(generate_series(1, ${rows})) t(x)`,
    )
  }
  for (const [name, call, from] of ownFunctions)
    await t.test(name, () => heldBriefly(client, `SELECT count(DISTINCT ${call}) FROM ${from}`))
})

test('a view of thousands of items that is read after a change of the catalog holds nobody up', async (t) => {
  const { client } = await testClient(t)
  await client.run('CREATE TABLE one (a INT)')
  await client.run(
    `CREATE VIEW long AS SELECT ${list(9_000, (at) => `a + ${at} AS c${at}`)} FROM one`,
  )
  const changed = async (name: string) => {
    await client.run(`CREATE TABLE ${name} (a INT)`)
    assert.deepEqual(await client.rows('SELECT c1 FROM long'), [])
  }
  await heldBriefly({ run: changed }, (run) => `other${run}`)
})

test('a long statement that is cancelled while it is read ends, and the next one is answered', async (t) => {
  const { client } = await testClient(t)
  const refusal = client.refusal(`SELECT ${list(9_000, (at) => `${at} + 1`)}`)
  await new Promise((resolve) => setTimeout(resolve, 1))
  client.session.interrupt()
  assert.equal((await refusal).errno, 1317)
  assert.deepEqual(await client.rows(`SELECT 7 IN (${list(5_000, String)})`), [[1]])
})

test('a long statement that is cancelled while it is translated ends, and the next one is answered', async (t) => {
  const { engine, client } = await testClient(t)
  const long = `SELECT ${list(700, () => `concat(${list(30, (index) => `'${index}'`)})`)}`
  const refusal = client.refusal(long)
  await busy(engine, 1)
  client.session.interrupt()
  assert.equal((await refusal).errno, 1317)
  const short = list(5_000, (index) => `${index}`)
  assert.deepEqual(await client.rows(`SELECT 7 IN (${short})`), [[1]])
})
