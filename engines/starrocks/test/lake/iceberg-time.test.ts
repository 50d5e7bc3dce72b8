/** An Iceberg table as it was, and what its metadata say of it: snapshots by id, name and time, and the tables behind `$`. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { connect } from '../support/open-engine.ts'
import { lakeClient, lakeObjects, skipWithoutLake } from '../support/lake-client.ts'

const skip = skipWithoutLake
const TABLE = 'ice.sales.all_types'

interface Snapshot {
  readonly id: string
  readonly ms: number
}

/** Of `all_types`, which has two; a tag on the first one is added. */
async function stage(t: TestContext) {
  const opened = await lakeClient(t)
  const text = String(lakeObjects.get('ice/sales/all_types/metadata/v3.metadata.json'))
  const snapshots = [...text.matchAll(/"snapshot-id":(\d+),"timestamp-ms":(\d+)\}/g)].map(
    ([, id = '', ms]): Snapshot => ({ id, ms: Number(ms) }),
  )
  const [first, second] = snapshots
  assert.ok(first && second && snapshots.length === 2)
  const tagged = text.replace(
    '"refs":{',
    `"refs":{"it's":{"snapshot-id":${first.id},"type":"tag","max-ref-age-ms":5},`,
  )
  assert.notEqual(tagged, text)
  await opened.put('bucket-a/ice/sales/all_types/metadata/v4.metadata.json', tagged)
  return { ...opened, first, second }
}

/** As a session of this offset writes it. */
const moment = (ms: number, hours: number) =>
  new Date(ms + hours * 3_600_000).toISOString().replace('T', ' ').replace('Z', '')

test(
  'FOR VERSION AS OF reads a snapshot, by its id or the name of a branch or tag',
  { skip },
  async (t) => {
    const { client, first, second } = await stage(t)
    const count = (version: string) =>
      client.rows(`SELECT count(*) FROM ${TABLE} FOR VERSION AS OF ${version} AS old`)
    assert.deepEqual(await count(first.id), [[3]])
    assert.deepEqual(await count(`"${second.id}"`), [[5]])
    assert.deepEqual(await count('"it\'s"'), [[3]])
    assert.deepEqual(await count("'main'"), [[5]])
    const refused = async (sql: string) => (await client.refusal(sql)).message
    const parts = 'SELECT * FROM ice.sales.parts FOR VERSION AS OF'
    assert.match(await refused(`${parts} 1`), /has no snapshot 1$/)
    assert.match(await refused(`${parts} 'constructor'`), /has no branch and no tag 'constructor'$/)
    assert.match(
      await refused('SELECT * FROM delta.sales.parts FOR VERSION AS OF 1'),
      /^Time travel in a Delta table is not/,
    )
    await client.run('CREATE TABLE t (k INT) DUPLICATE KEY (k) DISTRIBUTED BY HASH (k)')
    for (const when of ['VERSION AS OF 1', "TIMESTAMP AS OF '2024-01-01'"])
      assert.match(await refused(`SELECT * FROM t FOR ${when}`), /Time travel is not supported/)
  },
)

test(
  'FOR TIMESTAMP AS OF reads what was current then, in the time zone of the session',
  { skip },
  async (t) => {
    const { client, first, second } = await stage(t)
    const count = (text: string) =>
      client.rows(`SELECT count(*) FROM ${TABLE} FOR TIMESTAMP AS OF '${text}'`)
    for (const [zone, hours] of [
      ['Asia/Shanghai', 8],
      ['-03:00', -3],
      ['+05:00', 5],
    ] as const) {
      await client.run(`SET time_zone = '${zone}'`)
      assert.deepEqual(await count(moment(first.ms, hours)), [[3]], zone)
      assert.deepEqual(await count(moment(second.ms - 1, hours)), [[3]], zone)
      assert.deepEqual(await count(moment(second.ms, hours)), [[5]], zone)
      assert.deepEqual(await count('2999-01-01'), [[5]])
      await assert.rejects(count(moment(first.ms - 1, hours)), /has no snapshot as of '2/)
    }
    await assert.rejects(count('soon'), /Invalid timestamp 'soon'/)
    await assert.rejects(
      client.rows(`SELECT * FROM ${TABLE} FOR TIMESTAMP AS OF now()`),
      /A moment that is no literal is not supported/,
    )
  },
)

test('what the metadata say is read as tables behind $', { skip }, async (t) => {
  const { client, first, second } = await stage(t)
  const [one, two] = [first, second].map(({ ms }) => `${moment(ms, 8)}000`)
  const [a, b] = [first.id, second.id]
  const rows = async (columns: string, kind: string, more = '') =>
    client.rows(`SELECT ${columns} FROM ${TABLE}$${kind} ${more}`)
  const id = (name: string) => `CAST(${name} AS STRING)`
  assert.deepEqual(
    await rows(
      `made_current_at, ${id('snapshot_id')}, ${id('parent_id')}, is_current_ancestor`,
      'history',
    ),
    [
      [one, a, null, 1],
      [two, b, a, 1],
    ],
  )
  assert.deepEqual(
    await rows(
      `committed_at, ${id('snapshot_id')}, ${id('parent_id')}, operation, summary['total-records'], length(manifest_list) > 20`,
      'snapshots',
    ),
    [
      [one, a, null, 'append', '3', 1],
      [two, b, a, 'append', '5', 1],
    ],
  )
  assert.deepEqual(
    await rows(
      `name, type, ${id('snapshot_id')}, max_reference_age_in_ms`,
      'refs',
      'ORDER BY name',
    ),
    [
      ["it's", 'TAG', a, 5],
      ['main', 'BRANCH', b, null],
    ],
  )
  const log = await rows(`${id('latest_snapshot_id')}, file`, 'metadata_log_entries')
  assert.deepEqual(
    log.map(([snapshot]) => snapshot),
    [null, a, b],
  )
  assert.match(String(log.at(-1)?.[1]), /\/all_types\/metadata\/v4\.metadata\.json$/)
  assert.deepEqual(await rows('content, added_files_count', 'manifests'), [
    [0, 1],
    [0, 1],
  ])
  assert.deepEqual(
    await rows('content, file_format, record_count, file_size_in_bytes > 0', 'files', 'ORDER BY 3'),
    [
      [0, 'PARQUET', 2, 1],
      [0, 'PARQUET', 3, 1],
    ],
  )
  assert.deepEqual(
    await client.rows(`SELECT record_count FROM ${TABLE}$files FOR VERSION AS OF ${a}`),
    [[3]],
  )
  // Partitions that differ, and a file that was deleted.
  assert.deepEqual(await client.rows('SELECT sum(record_count) FROM ice.sales.parts$files'), [[3]])
  assert.deepEqual(
    (await client.rows(`DESC ${TABLE}$refs`)).map(([name, type]) => [name, type]).slice(0, 3),
    [
      ['name', 'varchar(1073741824)'],
      ['type', 'varchar(1073741824)'],
      ['snapshot_id', 'bigint'],
    ],
  )
  assert.match(
    (await client.refusal(`SELECT * FROM ${TABLE}$constructor`)).message,
    /Invalid metadata table name \(unknown type 'constructor'\)/,
  )
  assert.equal((await client.refusal('SELECT * FROM ice.sales.none$files')).errno, 1146)
  assert.equal((await client.refusal('SELECT * FROM delta.sales.parts$files')).errno, 1146)
})

test('partitions have their rows, files and last change', { skip }, async (t) => {
  const { client } = await stage(t)
  const own = (table: string, order: string) =>
    client.rows(
      `SELECT * EXCEPT (total_data_file_size_in_bytes, last_updated_at), total_data_file_size_in_bytes > 0, last_updated_at > '2020-01-01' FROM ${table}$partitions ORDER BY ${order}`,
    )
  const found = await own('ice.sales.parts', 'partition_value.day_month')
  const counts = [1, 1, 1, 0, 0, 0, 0, 1, 1]
  assert.deepEqual(found, [
    ['{"region":null,"day_month":null}', ...counts],
    ['{"region":"ü","day_month":648}', ...counts],
    ['{"region":"z","day_month":650}', ...counts],
  ])
  // Without partitions, one row of all that there is.
  assert.deepEqual(await own(TABLE, '1'), [[0, 5, 2, 0, 0, 0, 0, 1, 1]])
  const [[name, type] = []] = await client.rows('DESC ice.sales.parts$partitions')
  assert.deepEqual(
    [name, type],
    ['partition_value', 'struct<region varchar(1073741824), day_month int>'],
  )
})

test('they need the right to read the table, and no more', { skip }, async (t) => {
  const { client, engine } = await stage(t)
  await client.run('CREATE USER u')
  const u = await connect(engine, 'u')
  assert.equal((await u.refusal(`SELECT * FROM ${TABLE}$files`)).errno, 5203)
  await client.run(`GRANT SELECT ON TABLE ${TABLE} TO USER u`)
  assert.equal((await u.rows(`SELECT * FROM ${TABLE}$files`)).length, 2)
  assert.equal((await u.refusal('SELECT * FROM ice.sales.parts$files')).errno, 5203)
})
