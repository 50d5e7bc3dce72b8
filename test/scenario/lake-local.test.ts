/** Tables that others wrote into an instance's object storage, read by an instance on this machine that the vendor's API made. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import type { Connection } from 'mysql2/promise'
import { sparkParquet } from '../../engines/starrocks/test/support/hive-client.ts'
import { hiveMetastoreServer } from '../../engines/starrocks/test/support/hive-metastore.ts'
import { skipWithoutLake } from '../../engines/starrocks/test/support/lake-client.ts'
import { restCatalogServer } from '../../engines/starrocks/test/support/rest-catalog.ts'
import { ADMIN_PASSWORD } from '../support/engine/local-instances.ts'
import { startLakeInstance } from '../support/fixture/lake-instance.ts'

const skip = skipWithoutLake

/** Until the engine has been given the key of its object storage, which follows each start. */
async function rowsOf(connection: Connection, sql: string): Promise<unknown[][]> {
  for (let look = 0; ; look++) {
    try {
      const [rows] = await connection.query({ sql, rowsAsArray: true })
      return rows as unknown[][]
    } catch (problem) {
      if (look > 200 || !/not been given the key/.test((problem as Error).message)) throw problem
      await pause(50)
    }
  }
}

test(
  'Iceberg and Delta Lake tables in the bucket of an instance are read, with the rights of its role',
  { skip },
  async (t) => {
    const instance = await startLakeInstance(t)
    const sql = await instance.logIn()
    await sql.query(
      `CREATE EXTERNAL CATALOG ice PROPERTIES ("type" = "iceberg", "iceberg.catalog.type" = "hadoop", "iceberg.catalog.warehouse" = "oss://bucket-a/ice/")`,
    )
    await sql.query(
      `CREATE EXTERNAL CATALOG delta PROPERTIES ("type" = "deltalake", "deltalake.catalog.type" = "hadoop", "deltalake.catalog.warehouse" = "oss://bucket-a/delta/")`,
    )
    assert.deepEqual(
      await rowsOf(sql, 'SELECT number, region FROM ice.sales.parts ORDER BY number'),
      [
        [2, 'ü'],
        [3, null],
        [9, 'z'],
      ],
    )
    assert.deepEqual(await rowsOf(sql, 'SELECT count(*), max(id) FROM delta.sales.cp'), [[5, 9]])
    await instance.kill()
    const again = await instance.logIn()
    assert.deepEqual(await rowsOf(again, 'SELECT count(*) FROM ice.sales.all_types'), [[5]])
  },
)

test(
  'the catalog and the RAM user of a creation are in the database: read with the user, once, after kill -9 too, and as clients leave them',
  { skip },
  async (t) => {
    const instance = await startLakeInstance(t, {
      environment: [
        'catalogs:',
        '- { id: sea, region: cn-hangzhou, location: "oss://bucket-a/ice/" }',
      ],
      body: {
        DlfCatalogName: 'sea',
        DlfCatalogType: 'iceberg',
        LinkedRamUserName: 'analyst@team.example',
        PrincipalType: 'RS',
        RamUserId: '123456',
      },
    })
    const admin = await instance.logIn()
    assert.deepEqual((await rowsOf(admin, 'SHOW CATALOGS')).slice(1), [['sea', 'Iceberg', null]])
    const [[, created]] = (await rowsOf(admin, 'SHOW CREATE CATALOG sea')) as [[unknown, string]]
    assert.match(created, /"iceberg\.catalog\.warehouse" {2}= {2}"oss:\/\/bucket-a\/ice\/"/)
    assert.ok(
      (await rowsOf(admin, 'SHOW USERS')).some(([name]) => name === "'analyst@team.example'@'%'"),
    )
    for (let start = 1; start <= 2; start++) {
      const analyst = await instance.logIn('analyst@team.example', ADMIN_PASSWORD)
      assert.deepEqual(await rowsOf(analyst, 'SELECT count(*) FROM sea.sales.parts'), [[3]])
      await assert.rejects(analyst.query('DROP CATALOG sea'), /Access denied/)
      await assert.rejects(analyst.query('CREATE DATABASE d'), /Access denied/)
      if (start === 1) await instance.kill()
    }
    const again = await instance.logIn()
    assert.equal((await rowsOf(again, 'SHOW CATALOGS')).length, 2)
    await again.query('DROP CATALOG sea')
    await again.query("DROP USER 'analyst@team.example'")
    await instance.kill()
    const last = await instance.logIn()
    assert.equal((await rowsOf(last, 'SHOW CATALOGS')).length, 1)
    await assert.rejects(instance.logIn('analyst@team.example', ADMIN_PASSWORD), /Access denied/)
  },
)

test(
  'a catalog of a type that nothing reads is listed, says so, and refuses queries; without a place of its own it is a folder of the first bucket',
  { skip },
  async (t) => {
    const body = { DlfCatalogName: 'pai', DlfCatalogType: 'paimon' }
    const instance = await startLakeInstance(t, { body })
    const sql = await instance.logIn()
    assert.deepEqual((await rowsOf(sql, 'SHOW CATALOGS')).slice(1), [
      [
        'pai',
        'Paimon',
        "Nothing of it can be read here: no module reads catalogs of type 'paimon'",
      ],
    ])
    const [[, created]] = (await rowsOf(sql, 'SHOW CREATE CATALOG pai')) as [[unknown, string]]
    assert.match(created, /"paimon\.catalog\.warehouse" {2}= {2}"oss:\/\/emrys-data\/pai\/"/)
    await assert.rejects(
      sql.query('SELECT * FROM pai.a.b'),
      /Reading the catalog 'pai' \(no module reads catalogs of type 'paimon'\) is not supported/,
    )
  },
)

test(
  'a catalog that a server keeps is read from there, and no other server is asked',
  { skip },
  async (t) => {
    const metadata = 's3://bucket-a/ice/sales/parts/metadata/v6.metadata.json'
    const { uri } = await restCatalogServer(t, { 'sales.goods': metadata })
    const instance = await startLakeInstance(t, {
      environment: [
        `iceberg-rest: ["${uri}"]`,
        `catalogs: [{ id: sea, region: cn-hangzhou, rest: "${uri}" }]`,
      ],
      body: { DlfCatalogName: 'sea', DlfCatalogType: 'iceberg' },
    })
    const sql = await instance.logIn()
    assert.deepEqual(await rowsOf(sql, 'SHOW TABLES FROM sea.sales'), [['goods']])
    assert.deepEqual(await rowsOf(sql, 'SELECT count(*) FROM sea.sales.goods'), [[3]])
    const create = (at: string) =>
      `CREATE EXTERNAL CATALOG other PROPERTIES ("type" = "iceberg", "iceberg.catalog.type" = "rest", "iceberg.catalog.uri" = "${at}")`
    await assert.rejects(sql.query(create('http://127.0.0.1:1/')), /may not connect to the Iceberg/)
    await sql.query(create(uri))
    assert.deepEqual(await rowsOf(sql, 'SELECT count(*) FROM other.sales.goods'), [[3]])
  },
)

test(
  "a client's catalog of a Hive metastore is read, from those that the environment lists",
  { skip },
  async (t) => {
    const { uri } = await hiveMetastoreServer(t, {
      'sales.goods': { location: 'cosn://bucket-a/goods', fields: { id: 'int', ts: 'timestamp' } },
    })
    const instance = await startLakeInstance(t, { environment: [`hive-metastores: ["${uri}"]`] })
    await instance.put('goods/part-0', sparkParquet)
    const sql = await instance.logIn()
    const create = (at: string) =>
      `CREATE EXTERNAL CATALOG hive PROPERTIES ("type" = "hive", "hive.metastore.uris" = "${at}")`
    await assert.rejects(sql.query(create('thrift://127.0.0.1:1')), /may not connect to the Hive/)
    await sql.query(create(uri))
    assert.deepEqual(await rowsOf(sql, 'SHOW TABLES FROM hive.sales'), [['goods']])
    assert.deepEqual(await rowsOf(sql, 'SELECT id FROM hive.sales.goods'), [[1]])
  },
)
