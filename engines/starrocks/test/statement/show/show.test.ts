import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { testClient } from '../../support/open-engine.ts'

describe('SHOW and information_schema', () => {
  test('nodes are listed by role, with group and zone, and change while running', async (t) => {
    const { engine, client } = await testClient(t)
    const pick = async (sql: string, names: readonly string[]) => {
      const { columns, rows } = await client.run(sql)
      return rows.map((row) => names.map((name) => row[columns.indexOf(name)]))
    }
    assert.deepEqual(await pick('SHOW FRONTENDS', ['Name', 'Role', 'Group', 'Zone', 'Version']), [
      ['fe-0', 'LEADER', 'fe', 'zone-a', '3.3.8'],
      ['fe-1', 'FOLLOWER', 'fe', 'zone-b', '3.3.8'],
      ['ob-0', 'OBSERVER', 'ob', 'zone-b', '3.3.8'],
    ])
    assert.deepEqual(await pick('SHOW BACKENDS', ['Name', 'IP']), [['be-0', '127.0.0.1']])
    assert.deepEqual(await pick('SHOW COMPUTE NODES', ['Name', 'WarehouseName']), [
      ['cn-0', 'default_warehouse'],
    ])
    engine.setNodes([])
    assert.deepEqual(await pick('SHOW COMPUTE NODES', ['Name']), [])
  })

  test('SHOW PROC answers the paths that it lists, and refuses others by name', async (t) => {
    const { client } = await testClient(t)
    await client.run('CREATE TABLE t (k INT) DUPLICATE KEY(k) DISTRIBUTED BY HASH(k)')
    await client.run('CREATE VIEW v AS SELECT k FROM t')
    const proc = async (path: string) => client.run(`SHOW PROC '${path}'`)
    const names = (await proc('/')).rows.flat().map(String)
    assert.deepEqual(names, ['backends', 'compute_nodes', 'dbs', 'frontends'])
    for (const name of names) {
      const { rows } = await proc(`/${name}`)
      assert.ok(rows.length > 0, name)
      // Times and loads continue meanwhile.
      const heads = (found: typeof rows) => found.map((row) => row.slice(0, 6))
      assert.deepEqual(heads((await proc(` //${name}/`)).rows), heads(rows))
      assert.match(
        (await client.refusal(`SHOW PROC '/${name}/1'`)).message,
        new RegExp(`'/${name}/1'`),
      )
    }
    assert.deepEqual((await proc('/backends')).columns, (await client.run('SHOW BACKENDS')).columns)
    const { columns, rows } = await proc('/dbs')
    const [made] = rows.filter((row) => row[columns.indexOf('DbName')] === 'd')
    assert.equal(made?.[columns.indexOf('TableNum')], '2')
    assert.match(
      (await client.refusal("SHOW PROC '/tasks'")).message,
      /SHOW PROC '\/tasks' is not supported/,
    )
    for (const wrong of ['/nothing', 'dbs', '']) {
      assert.match(
        (await client.refusal(`SHOW PROC '${wrong}'`)).message,
        /Unknown proc node path: /,
      )
    }
  })

  test('LIKE, WHERE, ORDER BY and LIMIT narrow what is shown', async (t) => {
    const { client } = await testClient(t)
    for (const name of ['apple', 'Apple', 'pear_1', 'pearx1']) {
      await client.run(`CREATE TABLE ${name} (k INT) DUPLICATE KEY(k) DISTRIBUTED BY HASH(k)`)
    }
    assert.deepEqual(await client.rows("SHOW TABLES LIKE 'apple'"), [['apple']])
    assert.deepEqual(await client.rows(String.raw`SHOW TABLES LIKE 'pear\_%'`), [['pear_1']])
    assert.deepEqual(await client.rows("SHOW VARIABLES LIKE 'VERSION'"), [['version', '5.1.0']])
    assert.deepEqual(
      await client.rows("SHOW VARIABLES WHERE Variable_name = 'version' OR Value = 'nothing'"),
      [['version', '5.1.0']],
    )
    assert.deepEqual(
      await client.rows("SHOW FULL TABLES WHERE Table_type != 'VIEW' AND Tables_in_d LIKE 'pear%'"),
      [
        ['pear_1', 'BASE TABLE'],
        ['pearx1', 'BASE TABLE'],
      ],
    )
  })

  test('information_schema lists databases, tables, columns, views and layout', async (t) => {
    const { client } = await testClient(t)
    await client.run(`CREATE TABLE t (k INT NOT NULL COMMENT "key", s VARCHAR(20), d DECIMAL(10,2) DEFAULT "1") PRIMARY KEY(k)
      PARTITION BY RANGE(k) (PARTITION p VALUES LESS THAN ("100")) DISTRIBUTED BY HASH(k) BUCKETS 2 PROPERTIES ("replication_num" = "1");
      INSERT INTO t VALUES (1, 'a', 1), (2, 'b', 2); CREATE VIEW v AS SELECT k FROM t`)
    assert.deepEqual(
      await client.rows('SELECT SCHEMA_NAME FROM information_schema.schemata ORDER BY 1'),
      [['_statistics_'], ['d'], ['information_schema'], ['sys']],
    )
    assert.deepEqual(
      await client.rows(
        "SELECT table_name, table_type, table_rows FROM INFORMATION_SCHEMA.TABLES WHERE table_schema = 'd' ORDER BY 1",
      ),
      [
        ['t', 'BASE TABLE', 2],
        ['v', 'VIEW', null],
      ],
    )
    assert.deepEqual(
      await client.rows(
        "SELECT COLUMN_NAME, ORDINAL_POSITION, IS_NULLABLE, DATA_TYPE, COLUMN_TYPE, COLUMN_KEY, COLUMN_DEFAULT, COLUMN_COMMENT FROM information_schema.columns WHERE TABLE_NAME = 't' ORDER BY 2",
      ),
      [
        ['k', 1, 'NO', 'int', 'int(11)', 'PRI', null, 'key'],
        ['s', 2, 'YES', 'varchar', 'varchar(20)', '', null, ''],
        ['d', 3, 'YES', 'decimal', 'decimal(10, 2)', '', '1', ''],
      ],
    )
    assert.deepEqual(
      await client.rows('SELECT TABLE_NAME, VIEW_DEFINITION FROM information_schema.views'),
      [['v', 'SELECT `d`.`t`.`k`\nFROM `d`.`t`']],
    )
    assert.deepEqual(
      await client.rows(
        'SELECT TABLE_MODEL, PRIMARY_KEY, DISTRIBUTE_KEY, DISTRIBUTE_BUCKET FROM information_schema.tables_config',
      ),
      [['PRIMARY_KEYS', '`k`', '`k`', 2]],
    )
    assert.deepEqual(
      await client.rows('SELECT PARTITION_NAME, ROW_COUNT FROM information_schema.partitions_meta'),
      [['p', 2]],
    )
    assert.deepEqual(
      await client.rows('SELECT count(*) FROM information_schema.key_column_usage'),
      [[0]],
    )
    assert.equal((await client.refusal('SELECT * FROM information_schema.nothing')).errno, 1146)
    assert.deepEqual(await client.rows('DESC t'), [
      ['k', 'int', 'NO', 'true', null, ''],
      ['s', 'varchar(20)', 'YES', 'false', null, ''],
      ['d', 'decimal(10,2)', 'YES', 'false', '1', ''],
    ])
    assert.equal((await client.rows('SHOW FULL COLUMNS FROM t')).length, 3)
    assert.deepEqual(await client.rows('SHOW COLUMNS FROM v'), [
      ['k', 'int', 'YES', 'NO', null, ''],
    ])
  })

  test('a filter goes with its column when that is renamed', async (t) => {
    const { client } = await testClient(t)
    await client.run(
      `CREATE TABLE f (k INT, n INT) DUPLICATE KEY(k) DISTRIBUTED BY HASH(k) PROPERTIES ("bloom_filter_columns" = "k,n");
       ALTER TABLE f RENAME COLUMN n TO m`,
    )
    assert.deepEqual(
      (await client.rows('DESC f')).map((row) => [row[0], row.at(-1)]),
      [
        ['k', 'BLOOM_FILTER'],
        ['m', 'BLOOM_FILTER'],
      ],
    )
    const [[, text] = []] = await client.rows('SHOW CREATE TABLE f')
    assert.match(String(text), /"bloom_filter_columns" = "k, m"/)
  })

  test('what tools compare: Extra tells an aggregation, a filter and a default, never a numbered or computed column', async (t) => {
    const { client } = await testClient(t)
    await client.run(
      `CREATE TABLE p (id BIGINT NOT NULL AUTO_INCREMENT, made DATETIME DEFAULT CURRENT_TIMESTAMP,
       name VARCHAR(9) DEFAULT 'x', g STRING AS (concat(name, 'y'))) PRIMARY KEY(id) DISTRIBUTED BY HASH(id) PROPERTIES ("bloom_filter_columns" = "made, ID")`,
    )
    await client.run(
      'CREATE TABLE a (k INT, n BIGINT SUM, b BITMAP BITMAP_UNION) AGGREGATE KEY(k) DISTRIBUTED BY HASH(k)',
    )
    const last = async (sql: string, from = -1) =>
      (await client.rows(sql)).map((row) => row.slice(from))
    assert.deepEqual(await last('DESC p'), [
      ['BLOOM_FILTER'],
      ['BLOOM_FILTER,DEFAULT_GENERATED'],
      [''],
      [''],
    ])
    assert.deepEqual(await last('DESC a', -3), [
      ['true', null, ''],
      ['false', null, ''],
      ['false', null, ''],
    ])
    assert.deepEqual(await last('SHOW COLUMNS FROM p', -3), [
      ['YES', null, ''],
      ['NO', 'CURRENT_TIMESTAMP', ''],
      ['NO', 'x', ''],
      ['NO', null, ''],
    ])
    assert.deepEqual(await client.rows("SHOW COLUMNS FROM a WHERE Field <> 'b'"), [
      ['k', 'int', 'YES', 'AGG', null, ''],
      ['n', 'bigint', 'YES', '', null, ''],
    ])
    const aggregations = [[''], ['SUM'], ['BITMAP_UNION']]
    assert.deepEqual(await last('SHOW COLUMNS FROM a'), aggregations)
    const full = await client.rows('SHOW FULL COLUMNS FROM a')
    assert.deepEqual(
      full.map((row) => [row[6]]),
      aggregations,
    )
    assert.deepEqual(
      await client.rows(
        'SELECT DISTINCT EXTRA FROM information_schema.columns WHERE TABLE_SCHEMA = "d"',
      ),
      [['']],
    )
  })

  test('a materialized view is listed with its whole declaration, and not among views', async (t) => {
    const { client } = await testClient(t)
    await client.run('CREATE TABLE t (k INT) DUPLICATE KEY(k) DISTRIBUTED BY HASH(k)')
    await client.run('CREATE VIEW v AS SELECT k FROM t')
    await client.run(
      'CREATE MATERIALIZED VIEW m DISTRIBUTED BY HASH(k) REFRESH DEFERRED MANUAL AS SELECT k FROM t',
    )
    assert.deepEqual(await client.rows('SELECT TABLE_NAME FROM information_schema.views'), [['v']])
    const [[, text] = []] = await client.rows('SHOW CREATE MATERIALIZED VIEW m')
    assert.equal(
      text,
      [
        'CREATE MATERIALIZED VIEW `m` (`k`)',
        'DISTRIBUTED BY HASH(`k`)',
        'REFRESH DEFERRED MANUAL',
        'PROPERTIES (',
        '"replication_num" = "1",',
        '"replicated_storage" = "true",',
        '"storage_medium" = "HDD"',
        ')',
        'AS SELECT `t`.`k`\nFROM `d`.`t`;',
      ].join('\n'),
    )
    assert.deepEqual(
      await client.rows(
        'SELECT MATERIALIZED_VIEW_DEFINITION FROM information_schema.materialized_views',
      ),
      [[text]],
    )
    const { columns, rows } = await client.run("SHOW MATERIALIZED VIEWS LIKE 'm%'")
    // reference: ShowMaterializedViewsStmt of StarRocks 3.3.7.
    assert.deepEqual(
      columns.join(' '),
      'id database_name name refresh_type is_active inactive_reason partition_type task_id task_name last_refresh_start_time last_refresh_finished_time last_refresh_duration last_refresh_state last_refresh_force_refresh last_refresh_start_partition last_refresh_end_partition last_refresh_base_refresh_partitions last_refresh_mv_refresh_partitions last_refresh_error_code last_refresh_error_message rows text extra_message query_rewrite_status creator',
    )
    const shown = (name: string) => rows[0]?.[columns.indexOf(name)]
    assert.deepEqual([shown('database_name'), shown('name'), shown('text')], ['d', 'm', text])
    assert.deepEqual(await client.rows("SHOW MATERIALIZED VIEWS LIKE 'd%'"), [])
    assert.deepEqual(
      await client.rows('SELECT * FROM information_schema.materialized_views'),
      await client.rows("SHOW MATERIALIZED VIEWS WHERE name = 'm'"),
    )
    assert.deepEqual(await client.rows('SHOW FULL TABLES'), [
      ['m', 'VIEW'],
      ['t', 'BASE TABLE'],
      ['v', 'VIEW'],
    ])
  })

  test('COLUMN_TYPE is as it was declared; decimals in arrays by how they are stored', async (t) => {
    const { client } = await testClient(t)
    await client.run(
      'CREATE TABLE t (k INT, a ARRAY<DECIMAL(10, 2)>, m MAP<STRING, DECIMAL(10, 2)>, s STRUCT<x DECIMAL(5, 1)>) DUPLICATE KEY(k) DISTRIBUTED BY HASH(k)',
    )
    const types = [
      'array<DECIMAL64(10,2)>',
      'map<varchar(65533),decimal(10, 2)>',
      'struct<x decimal(5, 1)>',
    ]
    assert.deepEqual(
      await client.rows(
        'SELECT COLUMN_TYPE FROM information_schema.columns WHERE COLUMN_NAME != "k" ORDER BY COLUMN_NAME',
      ),
      types.map((type) => [type]),
    )
    const [[, text] = []] = await client.rows('SHOW CREATE TABLE t')
    for (const type of types) assert.ok(String(text).includes(` ${type} NULL`), type)
  })

  test('every other SHOW is answered or refused by name', async (t) => {
    const { client } = await testClient(t)
    await client.run('CREATE TABLE t (k INT) DUPLICATE KEY(k) DISTRIBUTED BY HASH(k)')
    const answered = [
      'SHOW DATA',
      'SHOW DATA FROM t',
      'SHOW LOAD',
      'SHOW PROCESSLIST',
      'SHOW FULL PROCESSLIST',
      'SHOW CATALOGS',
      'SHOW WAREHOUSES',
      'SHOW MATERIALIZED VIEWS',
      'SHOW INDEX FROM t',
      'SHOW ALTER TABLE COLUMN',
      'SHOW ROUTINE LOAD',
      'SHOW PRIVILEGES',
      'SHOW ROLES',
      'SHOW CREATE DATABASE d',
      'SHOW FUNCTIONS',
      'SHOW BROKER',
    ]
    for (const sql of answered) await client.run(sql)
    for (const sql of ["SHOW PROC '/jobs'", 'SHOW PROFILELIST']) {
      assert.match((await client.refusal(sql)).message, /not supported/, sql)
    }
  })

  test('SHOW BUILTIN FUNCTIONS lists the names that LIKE asks for', async (t) => {
    const { client } = await testClient(t)
    assert.deepEqual(await client.rows("SHOW BUILTIN FUNCTIONS LIKE 'year%'"), [
      ['year'],
      ['years_add'],
      ['years_diff'],
      ['years_sub'],
      ['yearweek'],
    ])
    assert.deepEqual(await client.rows('SHOW FUNCTIONS'), [])
    const { message } = await client.refusal('SHOW FULL BUILTIN FUNCTIONS')
    assert.match(message, /not supported/)
  })

  test('SHOW TRANSACTION finds one by its id', async (t) => {
    const { client } = await testClient(t)
    await client.run('CREATE TABLE t (k INT) DUPLICATE KEY(k) DISTRIBUTED BY HASH(k)')
    await client.run('INSERT INTO t WITH LABEL one VALUES (1)')
    await client.run('INSERT INTO t WITH LABEL two VALUES (2)')
    const [all] = await client.rows("SHOW TRANSACTION WHERE label = 'two'")
    const { columns, rows } = await client.run(
      `SHOW TRANSACTION FROM d WHERE id = ${String(all?.[0])}`,
    )
    assert.deepEqual(columns.slice(0, 5), [
      'TransactionId',
      'Label',
      'Coordinator',
      'TransactionStatus',
      'LoadJobSourceType',
    ])
    assert.deepEqual(
      rows.map((row) => [row[1], row[3], row[4]]),
      [['two', 'VISIBLE', 'INSERT_STREAMING']],
    )
    assert.deepEqual(await client.rows('SHOW TRANSACTION WHERE ID = 1'), [])
  })
})

test("DESC of information_schema has StarRocks' lengths", async (t) => {
  const { client } = await testClient(t)
  const lengths = async (table: string) =>
    Object.fromEntries((await client.rows(`DESC ${table}`)).map(([name, type]) => [name, type]))
  const tables = await lengths('information_schema.tables')
  assert.equal(tables['TABLE_CATALOG'], 'varchar(512)')
  assert.equal(tables['TABLE_NAME'], 'varchar(2048)')
  assert.equal(tables['ROW_FORMAT'], 'varchar(10)')
  assert.equal(tables['TABLE_ROWS'], 'bigint')
  assert.equal((await lengths('information_schema.views'))['VIEW_DEFINITION'], 'varchar(65535)')
})

test("nodes have StarRocks' columns, in its order, and what they hold", async (t) => {
  const { client } = await testClient(t)
  await client.run('CREATE TABLE x (k INT)')
  const shown = async (what: string) => {
    const { columns, rows } = await client.run(`SHOW ${what}`)
    return { columns, first: Object.fromEntries(columns.map((name, at) => [name, rows[0]?.[at]])) }
  }
  const fe = await shown('FRONTENDS')
  assert.equal(
    fe.columns.slice(0, 16).join(' '),
    'Name IP EditLogPort HttpPort QueryPort RpcPort Role ClusterId Join Alive ReplayedJournalId LastHeartbeat IsHelper ErrMsg StartTime Version',
  )
  const be = await shown('BACKENDS')
  assert.equal(
    be.columns.slice(0, 29).join(' '),
    'BackendId IP HeartbeatPort BePort HttpPort BrpcPort LastStartTime LastHeartbeat Alive SystemDecommissioned ClusterDecommissioned TabletNum DataUsedCapacity AvailCapacity TotalCapacity UsedPct MaxDiskUsedPct ErrMsg Version Status DataTotalCapacity DataUsedPct CpuCores MemLimit NumRunningQueries MemUsedPct CpuUsedPct DataCacheMetrics Location',
  )
  assert.deepEqual([be.first['TabletNum'], be.first['NumRunningQueries']].map(Number), [1, 1])
  assert.match(String(be.first['DataUsedCapacity']), /^\d+\.\d{3} [KM]B$/)
  assert.match(String(be.first['MemUsedPct']), /^\d+\.\d\d %$/)
  assert.equal(be.first['TotalCapacity'], '1.000 GB')
  const cn = await shown('COMPUTE NODES')
  assert.equal(
    cn.columns.slice(11, 20).join(' '),
    'ErrMsg Version CpuCores MemLimit NumRunningQueries MemUsedPct CpuUsedPct DataCacheMetrics HasStoragePath',
  )
})

test('partitions of ranges are listed by their ranges, whenever they were made', async (t) => {
  const { client } = await testClient(t)
  await client.run(
    `CREATE TABLE ss (d DATE, v INT) DUPLICATE KEY(d) PARTITION BY date_trunc('month', d) DISTRIBUTED BY HASH(d);
     INSERT INTO ss VALUES ('2033-03-05', 1); INSERT INTO ss VALUES ('2023-02-05', 1), ('2028-01-01', 1);
     CREATE TABLE r (d DATE) PARTITION BY RANGE (d) (PARTITION p2 VALUES [("2024-01-01"), ("2025-01-01")));
     ALTER TABLE r ADD PARTITION p1 VALUES [("2020-01-01"), ("2021-01-01"))`,
  )
  const { rows } = await client.run('SHOW PARTITIONS FROM ss')
  assert.deepEqual(
    rows.map((row) => row[1]),
    ['p202302', 'p202801', 'p203303'],
  )
  const [[, text] = []] = (await client.run('SHOW CREATE TABLE r')).rows
  assert.match(String(text), /PARTITION p1 [^\n]*\nPARTITION p2 /)
})
