import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { manualClock } from '../../../../../src/kernel/clock.ts'
import { buckets } from '../../../src/statement/statistic/histogram.ts'
import { connect, testClient, testDirectory, testEngine } from '../../support/open-engine.ts'

const until = async (holds: () => Promise<boolean>) => {
  for (let round = 0; round < 1000 && !(await holds()); round++)
    await new Promise((resolve) => setTimeout(resolve, 10))
}

describe('histograms', () => {
  test('a bucket takes what equals its last value, and is full at its size', () => {
    const made = buckets({ buckets: 2 })
    for (const [value, count] of [
      ['a', 1],
      ['b', 3],
      ['c', 1],
      ['d', 1],
    ] as const)
      made.take(value, count, 6)
    assert.deepEqual(made.list, [
      { lower: 'a', upper: 'b', count: 4, repeats: 3, own: 4 },
      { lower: 'c', upper: 'd', count: 6, repeats: 1, own: 2 },
    ])
  })

  test('are made of the rows, as StarRocks’ suite records them', async (t) => {
    const { client } = await testClient(t)
    await client.run(
      `CREATE TABLE t (k1 DATE, k2 DATETIME, k3 VARCHAR(20), k4 BOOLEAN, k5 INT, k6 DECIMAL(27, 9), k7 DOUBLE) DISTRIBUTED BY HASH(k5);
       INSERT INTO t SELECT date_add('2020-01-01', s), minutes_add('2020-01-01 00:00:00', s), cast(s AS string), cast(s AS boolean), s, s, s
         FROM TABLE(generate_series(1, 10000)) AS g(s);
       INSERT INTO t SELECT date_add('2020-01-01', s), minutes_add('2020-01-01 00:00:00', s), cast(s AS string), cast(s AS boolean), s, s, s
         FROM (SELECT n % 10 AS s FROM TABLE(generate_series(1, 10000)) AS g(n)) AS h`,
    )
    assert.deepEqual(
      await client.rows(
        `ANALYZE TABLE t UPDATE HISTOGRAM ON k1, k2, k3, k4, k5, k6, k7 PROPERTIES('histogram_sample_ratio'='1.0', 'histogram_mcv_size'='10')`,
      ),
      [['d.t', 'histogram', 'status', 'OK']],
    )
    const made = new Map(
      (
        await client.rows(
          "SELECT column_name, buckets, mcv FROM _statistics_.histogram_statistics WHERE table_name = 'd.t'",
        )
      ).map(([column, ...texts]) => [column, texts.map((text) => JSON.parse(String(text)))]),
    )
    const ends = (column: string) => {
      const [list] = made.get(column) ?? []
      return [list.length, list[0], list.at(-1)]
    }
    assert.deepEqual(ends('k1'), [
      65,
      ['2020-01-11', '2020-06-14', '156', '1'],
      ['2047-05-13', '2047-05-19', '9991', '1'],
    ])
    assert.deepEqual(ends('k2')[1], ['2020-01-01 00:10:00', '2020-01-01 02:45:00', '156', '1'])
    assert.deepEqual(ends('k3'), [65, ['10', '1138', '156', '1'], ['9993', '9999', '9991', '1']])
    assert.deepEqual(ends('k5'), [65, ['10', '165', '156', '1'], ['9994', '10000', '9991', '1']])
    assert.deepEqual(ends('k6')[1], ['10.000000000', '165.000000000', '156', '1'])
    assert.deepEqual(ends('k7')[1], ['10', '165', '156', '1'])
    // Both values are most common ones: none is left for buckets.
    assert.deepEqual(made.get('k4'), [
      null,
      [
        ['1', '19000'],
        ['0', '1000'],
      ],
    ])
    assert.deepEqual(made.get('k5')?.[1][0], ['1', '1001'])
    const meta = await client.rows('SHOW HISTOGRAM META WHERE `Column` = "k5"')
    assert.deepEqual(
      meta.map((row) => [...row.slice(0, 4), row[5]]),
      [
        [
          'd',
          't',
          'k5',
          'HISTOGRAM',
          '{histogram_mcv_size=10, histogram_bucket_num=64, histogram_sample_ratio=1}',
        ],
      ],
    )
  })

  test('are dropped by column, kept by DROP STATS and over a restart, and seen by who may read the table', async (t) => {
    const directory = await testDirectory(t)
    const { engine, client } = await testClient(t, { directory })
    await client.run(
      `CREATE TABLE t (k INT, v INT, j JSON) DISTRIBUTED BY HASH(k); CREATE USER jack; GRANT INSERT ON TABLE d.t TO USER jack`,
    )
    assert.deepEqual(await client.rows('ANALYZE TABLE t UPDATE HISTOGRAM ON k'), [])
    await client.run('INSERT INTO t VALUES (1, 1, NULL), (2, 2, NULL)')
    await client.run(
      'ANALYZE TABLE t UPDATE HISTOGRAM ON k, v WITH 1 BUCKETS PROPERTIES("histogram_mcv_size" = "0")',
    )
    const all = 'SELECT column_name, buckets, mcv FROM _statistics_.histogram_statistics'
    assert.deepEqual(await client.rows(all), [
      ['k', '[["1","2","2","1"]]', null],
      ['v', '[["1","2","2","1"]]', null],
    ])
    const jack = await connect(engine, 'jack')
    assert.deepEqual(await jack.rows(all), [])
    const refusal = async (sql: string) =>
      (await client.refusal(sql)).message.replace('Getting analyzing error. Detail message: ', '')
    assert.equal(
      await refusal('ANALYZE TABLE t UPDATE HISTOGRAM ON j'),
      "Can't create histogram statistics on column type is json.",
    )
    assert.equal(
      await refusal('ANALYZE TABLE t UPDATE HISTOGRAM ON k WITH 0 BUCKETS'),
      "Bucket number can't less than 1.",
    )
    await assert.rejects(jack.run('ANALYZE TABLE d.t UPDATE HISTOGRAM ON k'), /Access denied/)
    await client.run('DROP STATS t; ANALYZE TABLE t DROP HISTOGRAM ON k')
    assert.deepEqual(
      (await client.rows(all)).map(([name]) => name),
      ['v'],
    )
    await engine.close()
    const again = await connect(await testEngine(t, { directory }))
    assert.deepEqual(
      (await again.rows(all)).map(([name]) => name),
      ['v'],
    )
    await again.run('DROP TABLE d.t')
    assert.deepEqual(await again.rows(all), [])
  })
})

test('KILL ANALYZE ends one that runs, which is listed as failed', async (t) => {
  const { engine, client } = await testClient(t)
  const columns = ['a', 'b', 'c', 'd', 'e', 'f']
  await client.run(
    `CREATE TABLE t (${columns.map((name) => `${name} VARCHAR(40)`).join(', ')});
     INSERT INTO t SELECT ${columns.map((name) => `concat('${name}', n)`).join(', ')} FROM TABLE(generate_series(1, 300000)) AS g(n);
     CREATE USER jack; GRANT SELECT ON TABLE d.t TO USER jack`,
  )
  await client.run(`ANALYZE TABLE t UPDATE HISTOGRAM ON ${columns.join(', ')} WITH ASYNC MODE`)
  const status = async () => (await client.rows('SHOW ANALYZE STATUS'))[0]
  await until(async () => String((await status())?.[6]).startsWith('RUNNING'))
  const id = String((await status())?.[0])
  const jack = await connect(engine, 'jack')
  await assert.rejects(jack.run(`KILL ANALYZE ${id}`), /Access denied/)
  await client.run(`KILL ANALYZE ${id}`)
  await until(async () => (await status())?.[6] === 'FAILED')
  assert.deepEqual([(await status())?.[6], (await status())?.[10]], ['FAILED', 'kill analyze'])
  assert.deepEqual(await client.rows('SHOW HISTOGRAM META'), [])
  const [again] = await client.rows('ANALYZE TABLE t UPDATE HISTOGRAM ON a')
  assert.deepEqual(again, ['d.t', 'histogram', 'status', 'OK'])
})

describe('analyze jobs', () => {
  test('analyze at once, and again when enough rows are others', async (t) => {
    const clock = manualClock(Date.parse('2026-01-01T00:00:00Z'))
    const { client } = await testClient(t, { clock })
    await client.run(
      'CREATE TABLE t (k INT) DISTRIBUTED BY HASH(k); CREATE TABLE other (k INT); INSERT INTO t VALUES (1), (2); INSERT INTO other VALUES (1)',
    )
    await client.run(
      'CREATE ANALYZE FULL DATABASE d PROPERTIES ("statistic_exclude_pattern" = "oth")',
    )
    const analyses = async () =>
      (await client.rows('SHOW ANALYZE STATUS')).map((row) => [row[2], row[4], row[5], row[6]])
    await until(async () => (await client.rows('SHOW ANALYZE JOB'))[0]?.[8] === 'FINISH')
    const one = ['t', 'FULL', 'SCHEDULE', 'SUCCESS']
    assert.deepEqual(await analyses(), [one])
    const [job] = await client.rows('SHOW ANALYZE JOB')
    assert.deepEqual(job?.slice(1, 9), [
      'default_catalog',
      'd',
      'ALL',
      'ALL',
      'FULL',
      'SCHEDULE',
      '{statistic_exclude_pattern=oth}',
      'FINISH',
    ])
    await client.run('INSERT INTO t VALUES (3)')
    await until(async () => {
      clock.advance(300_000)
      return (await analyses())[1]?.[3] === 'SUCCESS'
    })
    assert.deepEqual(await analyses(), [one, one])
    await client.run(`DROP ANALYZE ${String(job?.[0])}`)
    assert.deepEqual(await client.rows('SHOW ANALYZE JOB'), [])
    await client.run('CREATE ANALYZE DATABASE d')
    await client.run('CREATE ANALYZE TABLE t')
    assert.equal((await client.rows('SHOW ANALYZE JOB')).length, 2)
    await client.run('DROP ALL ANALYZE JOB')
    assert.deepEqual(await client.rows('SHOW ANALYZE JOB'), [])
  })
})
