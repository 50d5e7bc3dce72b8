import assert from 'node:assert/strict'
import { test } from 'node:test'
import { connect, testClient, type Client } from '../../support/open-engine.ts'

const T = 'CREATE TABLE t (k INT NOT NULL, v VARCHAR(3)) DUPLICATE KEY(k) DISTRIBUTED BY HASH(k)'

const listed = (client: Client, columns: string) =>
  client.rows(`SELECT ${columns} FROM information_schema.loads WHERE DB_NAME = 'd' ORDER BY JOB_ID`)

test('every statement that writes rows is a load: with its label, or one of its query', async (t) => {
  const { client } = await testClient(t)
  await client.run(T)
  await client.run(
    'CREATE TABLE p (k INT NOT NULL, v INT) PRIMARY KEY(k) DISTRIBUTED BY HASH(k); INSERT INTO p VALUES (1, 1), (2, 2)',
  )
  await client.run('INSERT INTO t WITH LABEL mine VALUES (1, "a")')
  await client.run('INSERT INTO t SELECT k, "b" FROM p')
  await client.run('INSERT INTO p SELECT k, v + 1 FROM p')
  await client.run('UPDATE p SET v = 5 WHERE k = 1')
  await client.run('DELETE FROM p WHERE k = 1')
  await client.run('DELETE FROM t WHERE k = 1')
  await client.run("CREATE TABLE c PROPERTIES('replication_num' = '1') AS SELECT k FROM p")
  const rows = await listed(
    client,
    "regexp_replace(LABEL, '_[-0-9a-f]{36}$', ''), TABLE_NAME, STATE, TYPE, PROGRESS, SINK_ROWS, TRACKING_SQL",
  )
  const row = (label: string, table: string, sunk: number) => [
    label,
    table,
    'FINISHED',
    'INSERT',
    'ETL:100%; LOAD:100%',
    sunk,
    null,
  ]
  assert.deepEqual(rows, [
    row('insert', 'p', 2),
    row('mine', 't', 1),
    row('insert', 't', 2),
    row('insert', 'p', 2),
    row('update', 'p', 1),
    row('delete', 'p', 1),
    row('insert', 'c', 1),
  ])
})

test('one that fails is cancelled, and says what was wrong with its rows', async (t) => {
  const { client } = await testClient(t)
  await client.run(T)
  assert.match(
    (await client.refusal('INSERT INTO t VALUES (NULL, "x")')).message,
    /has filtered data/,
  )
  await client.refusal('INSERT INTO t WITH LABEL mine VALUES (1, "long")')
  await client.run('INSERT INTO t WITH LABEL mine VALUES (1, "a")')
  assert.match(
    (await client.refusal('INSERT INTO t WITH LABEL mine VALUES (1, "a")')).message,
    /already been used/,
  )
  const failed = await client.run(
    "INSERT INTO t PROPERTIES('max_filter_ratio' = '0.9') SELECT IF(g = 2, NULL, g), 'x' FROM TABLE(generate_series(1, 3)) s(g)",
  )
  assert.equal(failed.warnings, 1)
  assert.deepEqual(await listed(client, 'STATE, SCAN_ROWS, FILTERED_ROWS, SINK_ROWS'), [
    ['CANCELLED', 0, 0, 0],
    ['CANCELLED', 0, 0, 0],
    ['FINISHED', 1, 0, 1],
    ['FINISHED', 3, 1, 2],
  ])
  const [[message, sql, id] = []] = await listed(client, 'ERROR_MSG, TRACKING_SQL, JOB_ID')
  assert.match(String(message), /^type:LOAD_RUN_FAIL; msg:Cancelled, msg: Insert has filtered data/)
  assert.equal(
    sql,
    `select tracking_log from information_schema.load_tracking_logs where job_id=${String(id)}`,
  )
  assert.deepEqual(await client.rows(sql), [
    ["Error: NULL value in non-nullable column 'k'. Row: [NULL, 'x']\n"],
  ])
  const [, , , [, last] = []] = await listed(client, 'JOB_ID, TRACKING_SQL')
  assert.deepEqual(await client.rows(String(last)), [
    ["Error: NULL value in non-nullable column 'k'. Row: [NULL, 'x']\n"],
  ])
  assert.deepEqual(
    await client.rows(
      "SELECT TYPE, DATABASE_NAME, TRACKING_LOG LIKE '%too long%' FROM information_schema.load_tracking_logs WHERE LABEL = 'mine'",
    ),
    [['INSERT', 'd', 1]],
  )
})

test('SHOW LOAD has StarRocks’ columns and takes its filters only', async (t) => {
  const { client } = await testClient(t)
  await client.run(T)
  for (const label of ['one', 'two'])
    await client.run(`INSERT INTO t WITH LABEL ${label} VALUES (1, "a")`)
  await client.refusal('INSERT INTO t VALUES (NULL, "x")')
  const { columns, rows } = await client.run("SHOW LOAD WHERE LABEL = 'one'")
  assert.deepEqual(columns, [
    'JobId',
    'Label',
    'State',
    'Progress',
    'Type',
    'Priority',
    'ScanRows',
    'FilteredRows',
    'UnselectedRows',
    'SinkRows',
    'EtlInfo',
    'TaskInfo',
    'ErrorMsg',
    'CreateTime',
    'EtlStartTime',
    'EtlFinishTime',
    'LoadStartTime',
    'LoadFinishTime',
    'TrackingSQL',
    'JobDetails',
  ])
  assert.deepEqual(
    rows[0]?.slice(1, 13).map((cell) => (typeof cell === 'bigint' ? Number(cell) : cell)),
    [
      'one',
      'FINISHED',
      'ETL:100%; LOAD:100%',
      'INSERT',
      'NORMAL',
      1,
      0,
      0,
      1,
      null,
      'resource:N/A; timeout(s):3600; max_filter_ratio:0.0',
      null,
    ],
  )
  const labels = async (tail: string) =>
    (await client.rows(`SHOW LOAD ${tail}`)).map(([, label, state]) =>
      String(label).startsWith('insert_') ? state : label,
    )
  assert.deepEqual(await labels("WHERE LABEL LIKE 't%'"), ['two'])
  assert.deepEqual(await labels("WHERE STATE = 'cancelled'"), ['CANCELLED'])
  assert.deepEqual(
    await labels(
      "FROM d WHERE LABEL LIKE '%o%' AND STATE = 'FINISHED' ORDER BY Label DESC LIMIT 1",
    ),
    ['two'],
  )
  assert.deepEqual(await labels('ORDER BY JobId LIMIT 1, 1'), ['two'])
  for (const where of [
    'JobId = 1',
    "STATE = 'x'",
    "LABEL = 'a' OR LABEL = 'b'",
    "LABEL != 'a'",
    "STATE LIKE 'F%'",
  ])
    assert.match(
      (await client.refusal(`SHOW LOAD WHERE ${where}`)).message,
      /Where clause should looks like: LABEL =/,
      where,
    )
  assert.match((await client.refusal('SHOW LOAD ORDER BY nothing')).message, /nothing/)
  assert.match((await client.refusal('SHOW LOAD FROM none')).message, /none/)
  assert.deepEqual(await client.rows('SHOW STREAM LOAD'), [])
})

test('loads of tables that a user has no right to are not shown to them', async (t) => {
  const { engine, client } = await testClient(t)
  await client.run(T)
  await client.refusal('INSERT INTO t VALUES (NULL, "x")')
  await client.run("CREATE USER other; GRANT CREATE TABLE ON DATABASE d TO USER 'other'")
  const other = await connect(engine, 'other', 'd')
  for (const sql of [
    'SHOW LOAD',
    'SHOW TRANSACTION',
    'SELECT * FROM information_schema.loads',
    'SELECT * FROM information_schema.load_tracking_logs',
  ])
    assert.deepEqual(await other.rows(sql), [], sql)
})
