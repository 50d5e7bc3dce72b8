import assert from 'node:assert/strict'
import { describe, test, type TestContext } from 'node:test'
import {
  connect,
  testClient,
  testDirectory,
  testEngine,
  type Client,
} from '../support/open-engine.ts'

const START =
  'CREATE TABLE t (k INT) DISTRIBUTED BY HASH(k); INSERT INTO t SELECT n FROM TABLE(generate_series(1, 20000)) AS g(n)'

async function start(t: TestContext) {
  const { engine, client } = await testClient(t)
  await client.run(`${START}; CREATE USER jack; GRANT SELECT, INSERT ON TABLE d.t TO USER jack`)
  const as = (user: string) => connect(engine, user, 'd')
  return { engine, client, as }
}

/** A statement whose rows nobody has read yet runs. */
async function hold({ session }: Client): Promise<() => Promise<void>> {
  const results = session.execute('SELECT k FROM t')
  const { value: result } = await results[Symbol.asyncIterator]().next()
  assert.ok(result?.kind === 'rows')
  return async () => {
    for await (const _chunk of result.chunks);
  }
}

const shownGroup = async (client: Client, sql: string) => {
  const { columns, rows } = await client.run(sql)
  return rows.map((row) =>
    Object.fromEntries(
      columns.map((name, at) => [name, String(row[at]).replace(/id=\d+/, 'id=N')]),
    ),
  )
}

describe('resource groups', () => {
  test('are shown as StarRocks shows them, altered, and kept over a restart', async (t) => {
    const directory = await testDirectory(t)
    const { engine, client } = await testClient(t, { directory })
    assert.deepEqual(
      (await client.rows('SHOW RESOURCE GROUPS ALL')).map((row) => row.slice(0, 5)),
      [
        ['default_mv_wg', '3', '1', '0', '80.0%'],
        ['default_wg', '2', '2', '0', '100.0%'],
      ],
    )
    await client.run(
      `CREATE RESOURCE GROUP rg TO (user='jack', role='ops', query_type IN ('select'), source_ip='127.0.0.1/8'), (db='d')
       WITH ('cpu_core_limit' = '1', 'mem_limit' = '20%', 'concurrency_limit' = '3', 'big_query_mem_limit' = '1073741824', 'spill_mem_limit_threshold' = '0.8')`,
    )
    const [first, second] = await shownGroup(client, 'SHOW VERBOSE RESOURCE GROUP rg')
    assert.deepEqual(first, {
      name: 'rg',
      id: first?.['id'],
      cpu_weight: '1',
      exclusive_cpu_cores: '0',
      mem_limit: '20.0%',
      max_cpu_cores: 'null',
      big_query_cpu_second_limit: '0',
      big_query_scan_rows_limit: '0',
      big_query_mem_limit: '1073741824',
      concurrency_limit: '3',
      spill_mem_limit_threshold: '80%',
      type: 'NORMAL',
      classifiers:
        '(id=N, weight=4.225, user=jack, role=ops, query_type in (SELECT), source_ip=127.0.0.1/8)',
    })
    assert.equal(second?.['classifiers'], "(id=N, weight=10.0, db='d')")
    await client.run(
      "ALTER RESOURCE GROUP rg WITH ('exclusive_cpu_cores' = '1', 'cpu_weight' = '0')",
    )
    await client.run("ALTER RESOURCE GROUP rg ADD (user = 'jill')")
    await client.run("ALTER RESOURCE GROUP default_wg WITH ('concurrency_limit' = '7')")
    const [[, , , , , , , , , , classifier]] = (await client.rows('SHOW RESOURCE GROUP rg')) as [
      unknown[],
    ]
    const id = /id=(\d+)/.exec(String(classifier))?.[1] ?? ''
    await client.run(`ALTER RESOURCE GROUP rg DROP (${id})`)
    await engine.close()
    const again = await connect(await testEngine(t, { directory }))
    const kept = await shownGroup(again, 'SHOW RESOURCE GROUP rg')
    assert.deepEqual(
      kept.map((row) => [row['cpu_weight'], row['exclusive_cpu_cores'], row['classifiers']]),
      [
        ['0', '1', "(id=N, weight=10.0, db='d')"],
        ['0', '1', '(id=N, weight=1.0, user=jill)'],
      ],
    )
    const [builtIn] = await shownGroup(again, 'SHOW RESOURCE GROUP default_wg')
    assert.deepEqual([builtIn?.['id'], builtIn?.['concurrency_limit']], ['2', '7'])
    await again.run('DROP RESOURCE GROUP rg')
    assert.equal((await again.refusal('SHOW RESOURCE GROUP rg')).errno, 5079)
  })

  test('are refused with StarRocks’ texts', async (t) => {
    const { client } = await start(t)
    const refusal = async (sql: string) =>
      (await client.refusal(sql)).message.replace('Getting analyzing error. Detail message: ', '')
    const refused: readonly (readonly [more: string, text: string])[] = [
      [
        "WITH ('cpu_weight' = '1', 'mem_limit' = '0.5')",
        'This type Resource Group need define classifiers.',
      ],
      ["TO (user='jack') WITH ('cpu_weight' = '1')", "property 'mem_limit' is absent."],
      [
        "TO (user='jack') WITH ('mem_limit' = '0.5')",
        "property 'cpu_weight' or 'exclusive_cpu_cores' must be positive.",
      ],
      [
        "TO (user='jack') WITH ('cpu_weight' = '99', 'mem_limit' = '0.5')",
        'cpu_weight should range from 0 to 2.',
      ],
      [
        "TO (user='jack') WITH ('cpu_weight' = '1', 'mem_limit' = '1.5')",
        'mem_limit should range from 0.00(exclude) to 1.00(include).',
      ],
      [
        "TO (user='jack') WITH ('cpu_weight' = 'x', 'mem_limit' = '0.5')",
        'The value type of the property `cpu_weight` must be a valid numeric type, but it is set to `x`.',
      ],
      ["TO (user='jack') WITH ('none' = '1')", 'Unknown property: none.'],
      [
        "TO (colour='red') WITH ('cpu_weight' = '1', 'mem_limit' = '0.5')",
        "Unsupported classifier specifier: 'colour'.",
      ],
      [
        "TO (db='none') WITH ('cpu_weight' = '1', 'mem_limit' = '0.5')",
        'Specified database not exists: none.',
      ],
      [
        "TO (query_type in ('fly')) WITH ('cpu_weight' = '1', 'mem_limit' = '0.5')",
        "Unsupported query_type: 'fly'.",
      ],
      [
        "TO (user='jack') WITH ('cpu_weight' = '1', 'exclusive_cpu_cores' = '1', 'mem_limit' = '0.5')",
        "property 'cpu_weight' and 'exclusive_cpu_cores' cannot be present and positive at the same time.",
      ],
    ]
    for (const [more, text] of refused)
      assert.equal(await refusal(`CREATE RESOURCE GROUP rg ${more}`), text)
    assert.match(
      await refusal(
        `CREATE RESOURCE GROUP rg TO (plan_cpu_cost_range='[0, 9)') WITH ('cpu_weight' = '1', 'mem_limit' = '0.5')`,
      ),
      /plan_cpu_cost_range is not supported/,
    )
    assert.equal(
      await refusal('DROP RESOURCE GROUP default_wg'),
      'cannot drop builtin resource group [default_wg].',
    )
    assert.equal(await refusal('DROP RESOURCE GROUP rg'), 'RESOURCE_GROUP(rg) does not exist')
    assert.equal(await refusal("SET resource_group = 'rg'"), 'resource group not exists: rg.')
  })

  test('need the privileges of StarRocks', async (t) => {
    const { client, as } = await start(t)
    const jack = await as('jack')
    const create =
      "CREATE RESOURCE GROUP rg TO (user='jack') WITH ('cpu_weight' = '1', 'mem_limit' = '0.5')"
    assert.match((await jack.refusal(create)).message, /CREATE RESOURCE GROUP privilege/)
    await client.run('GRANT CREATE RESOURCE GROUP ON SYSTEM TO USER jack')
    await jack.run(create)
    assert.match(
      (await jack.refusal('DROP RESOURCE GROUP rg')).message,
      /DROP privilege\(s\) on RESOURCE_GROUP rg/,
    )
    await client.run(
      'GRANT ALTER ON RESOURCE GROUP rg TO USER jack; GRANT DROP ON ALL RESOURCE GROUPS TO USER jack',
    )
    assert.ok(
      (await client.rows('SHOW GRANTS FOR jack')).some((row) =>
        String(row.at(-1)).includes('ALTER ON RESOURCE GROUP rg'),
      ),
    )
    await jack.run("ALTER RESOURCE GROUP rg WITH ('mem_limit' = '0.6')")
    await jack.run('DROP RESOURCE GROUP rg')
  })

  test('take statements by their heaviest classifier, or by name', async (t) => {
    const { client, as } = await start(t)
    await client.run(
      `CREATE RESOURCE GROUP by_user TO (user='jack') WITH ('cpu_weight' = '1', 'mem_limit' = '0.5');
       CREATE RESOURCE GROUP by_read TO (user='jack', query_type IN ('SELECT')) WITH ('cpu_weight' = '1', 'mem_limit' = '0.5');
       CREATE RESOURCE GROUP by_place TO (db='d', source_ip='10.0.0.0/8') WITH ('cpu_weight' = '1', 'mem_limit' = '0.5')`,
    )
    const group = async (who: Client) =>
      (await who.rows('EXPLAIN VERBOSE SELECT k FROM d.t'))[0]?.[0]
    assert.equal(await group(client), 'RESOURCE GROUP: default_wg')
    const jack = await as('jack')
    assert.equal(await group(jack), 'RESOURCE GROUP: by_read')
    await jack.run("SET resource_group = 'by_user'")
    assert.equal(await group(jack), 'RESOURCE GROUP: by_user')
    assert.deepEqual(
      (await jack.rows('SHOW RESOURCE GROUPS')).map(([name]) => name),
      ['by_read', 'by_user'],
    )
    assert.deepEqual(await client.rows('SHOW RESOURCE GROUPS'), [])
  })

  test('run so many statements at once as concurrency_limit says', async (t) => {
    const { client, as } = await start(t)
    const free = await hold(await as('jack'))
    const [whole] = await client.rows('SHOW USAGE RESOURCE GROUP default_wg')
    assert.deepEqual([whole?.[1], whole?.[5]], ['2', '1'])
    await free()
    await client.run(
      "CREATE RESOURCE GROUP rg TO (user='jack') WITH ('cpu_weight' = '1', 'mem_limit' = '0.5', 'concurrency_limit' = '1')",
    )
    const [one, two] = [await as('jack'), await as('jack')]
    const release = await hold(one)
    assert.equal(
      (await two.refusal('SELECT count(*) FROM t')).message,
      'Exceed concurrency limit: 1',
    )
    assert.deepEqual(await client.rows('SELECT count(*) FROM t'), [[20000]])
    const usage = await client.rows('SHOW USAGE RESOURCE GROUP rg')
    assert.deepEqual([usage[0]?.[0], usage[0]?.[5]], ['rg', '1'])
    await client.run(
      'SET GLOBAL enable_group_level_query_queue = true; SET GLOBAL enable_query_queue_select = true',
    )
    let answered = false
    const waiting = two.rows('SELECT count(*) FROM t').then((rows) => ((answered = true), rows))
    await new Promise((resolve) => setTimeout(resolve, 150))
    assert.equal(answered, false)
    await release()
    assert.deepEqual(await waiting, [[20000]])
    const again = await hold(one)
    await client.run("ALTER RESOURCE GROUP rg WITH ('concurrency_limit' = '2')")
    assert.deepEqual(await two.rows('SELECT count(*) FROM t'), [[20000]])
    await again()
  })

  test('end statements that take too much', async (t) => {
    const { client, as } = await start(t)
    await client.run(
      "CREATE RESOURCE GROUP rg TO (user='jack') WITH ('cpu_weight' = '1', 'mem_limit' = '0.5', 'big_query_cpu_second_limit' = '1')",
    )
    const jack = await as('jack')
    const heavy = 'SELECT count(*) FROM t a, t b, t c WHERE (a.k + b.k) % 7 = c.k % 7'
    assert.match(
      (await jack.refusal(heavy)).message,
      /^exceed big query cpu limit: current is \d+ns but limit is 1000000000ns$/,
    )
    assert.deepEqual(await jack.rows('SELECT count(*) FROM t'), [[20000]])
    await client.run(
      "ALTER RESOURCE GROUP rg WITH ('big_query_cpu_second_limit' = '0', 'big_query_scan_rows_limit' = '1')",
    )
    assert.equal(
      (await jack.refusal('SELECT count(k) FROM t')).message,
      'exceed big query scan_rows limit: current is 20000 but limit is 1',
    )
    assert.deepEqual(await jack.rows('SELECT k FROM t WHERE k = 7'), [[7]])
    await client.run(
      "ALTER RESOURCE GROUP rg WITH ('big_query_scan_rows_limit' = '0', 'big_query_mem_limit' = '1000000')",
    )
    assert.match(
      (await jack.refusal('SELECT count(DISTINCT concat(a.k, b.k)) FROM t a, t b WHERE a.k < 4000'))
        .message,
      /^Memory of rg exceed limit\. .*\[big_query_mem_limit\] of this group$/,
    )
    // DuckDB may hold what the statement had for a moment longer.
    await client.run("ALTER RESOURCE GROUP rg WITH ('big_query_mem_limit' = '0')")
    assert.deepEqual(await jack.rows('SELECT count(*) FROM t'), [[20000]])
  })
})
