/**
 * Spark SQL of an EMR cluster with keys to a bucket, real: it writes tables there, and the StarRocks-compatible engine reads them by what
 * Hive's own metastore says.
 */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { skipWithoutLake } from '../../engines/starrocks/test/support/lake-client.ts'
import { testClient } from '../../engines/starrocks/test/support/open-engine.ts'
import {
  addressesOf,
  call,
  emrCloud,
  emrDirectory,
  untilState,
} from '../support/engine/emr-cluster.ts'
import { beeline, sparkSql } from '../support/engine/hive-client.ts'
import { cachedModule, skipWithout } from '../support/engine/module.ts'
import { objectStoreServer } from '../support/engine/object-store.ts'
import { sampleCreateRequest } from '../support/http/tencent-client.ts'
import { temporaryDirectory } from '../support/process/directory.ts'

const skip =
  ['spark', 'spark-s3a', 'hadoop', 's3a', 'zookeeper'].map(skipWithout).find(Boolean) ||
  skipWithoutLake

const BUCKET = 'emr-1250000001'
const ROOT = `cosn://${BUCKET}/lake`

const COLUMNS =
  'b boolean, t tinyint, s smallint, i int, l bigint, f float, d double, m decimal(20,3), day date, ts timestamp, c char(3), v varchar(10), x string, y binary, a array<int>, p struct<k:string,n:bigint>, mp map<string,int>'
const VALUES =
  "true, -128Y, -32768S, 7, 4611686018427387904L, cast(1.5 as float), 2.25D, 12345678901234567.891, date'2024-02-29', timestamp'2024-02-29 12:34:56.789', 'ab', 'grün', 'x', X'00FF', array(1, null), named_struct('k', 'v', 'n', 9L), map('q', 1)"
const NULLS = Array.from({ length: 17 }, () => 'null').join(', ')

/** As Spark prints them. */
const PRINTED = [
  'true\t-128\t-32768\t7\t4611686018427387904\t1.5\t2.25\t12345678901234567.891\t2024-02-29\t2024-02-29 12:34:56.789\tab \tgrün\tx\t00FF\t1\tv\t9\t1',
]
/** As StarRocks does. */
const READ = [
  [
    1,
    -128,
    -32768,
    7,
    '4611686018427387904',
    1.5,
    2.25,
    '12345678901234567.891',
    '2024-02-29',
    '2024-02-29 12:34:56.789000',
    'ab ',
    'grün',
    'x',
    '00FF',
    1,
    'v',
    9,
    1,
  ],
]

test(
  'tables that Spark writes into a bucket are those of SQL, of applications on YARN, and of StarRocks',
  { skip, timeout: 2_400_000 },
  async (t) => {
    const store = await objectStoreServer(t, [BUCKET])
    const dataDir = emrDirectory(t)
    const directory = temporaryDirectory(t)
    const keyFile = join(directory, 'keys')
    writeFileSync(keyFile, `${store.keyId}\n${store.secret}\n`, { mode: 0o600 })
    const environmentFile = join(directory, 'environment.yaml')
    writeFileSync(
      environmentFile,
      `tencent:\n  object-storage: { endpoint: "${store.endpoint}", key-file: ${keyFile} }\n  buckets: [{ id: ${BUCKET} }]\n`,
    )
    const cloud = await emrCloud(t, dataDir, { environmentFile })
    const components = ['hdfs-3.2.2', 'yarn-3.2.2', 'zookeeper-3.6.3']
    const { InstanceId } = await call(cloud, 'CreateInstance', {
      ...sampleCreateRequest({
        ProductId: 44,
        Software: [...components, 'openldap-2.4.44', 'knox-1.6.1', 'hive-3.1.3', 'spark_hadoop2.8'],
        COSSettings: { CosSecretId: store.keyId, CosSecretKey: store.secret },
      }),
    })
    const cluster = await untilState(cloud, String(InstanceId), 'running')
    const [master = ''] = addressesOf(cluster, 'master')

    const folder = (name: string) => `location '${ROOT}/${name}'`
    const select =
      'select b, t, s, i, l, f, d, m, day, ts, c, v, x, hex(y), a[0], p.k, p.n, mp["q"] from lake'
    const printed = await beeline(master, [
      'set spark.sql.session.timeZone=UTC',
      `create database lake ${folder('')}`,
      `create table lake.types (${COLUMNS}) using parquet`,
      `insert into lake.types select ${VALUES}`,
      `insert into lake.types select ${NULLS}`,
      `create external table lake.hive_types (${COLUMNS}) stored as parquet ${folder('elsewhere')}`,
      'insert into lake.hive_types select * from lake.types where b',
      "create table lake.parts (id int, note string) using parquet partitioned by (day date, region string) comment 'in parts'",
      "insert into lake.parts values (1, 'a', date'2024-01-01', 'cn'), (2, 'b', date'2024-01-02', 'a b:c%'), (3, 'c', date'2024-01-03', null)",
      "insert overwrite table lake.parts partition (day = date'2024-01-01', region = 'cn') values (4, 'd')",
      "create table lake.words (id int, word string) row format delimited fields terminated by ','",
      "insert into lake.words values (1, 'x y'), (2, null)",
      'create table lake.old (id int) stored as orc',
      'create view lake.seen as select id from lake.parts',
      `${select}.types where b`,
      'select id, note, day, region from lake.parts order by id',
    ])
    assert.deepEqual(
      printed.filter((line) => !line.startsWith('key') && !line.startsWith('spark.sql')),
      [...PRINTED, '2\tb\t2024-01-02\ta b:c%', '3\tc\t2024-01-03\tNULL', '4\td\t2024-01-01\tcn'],
    )
    assert.ok(readdirSync(join(store.directory, BUCKET, 'lake/parts')).includes('day=2024-01-01'))
    const application = await sparkSql(dataDir, {
      host: master,
      buckets: true,
      sql: `insert into lake.words values (3, 'of YARN'); select count(*), max(id) from parquet.\`s3a://${BUCKET}/lake/elsewhere\` e join lake.parts on true`,
    })
    assert.match(application, /3\t4/)

    const uri = `thrift://${master}:7004`
    const rights = ['read', 'list'] as const
    const { client, engine } = await testClient(t, {
      protection: {
        modules: [cachedModule('httpfs') ?? ''],
        objects: {
          endpoint: store.endpoint,
          region: store.region,
          hiveMetastores: [uri],
          prefixes: [{ name: `cos://${BUCKET}/lake/`, rights }],
        },
      },
    })
    await engine.setObjectKey({ keyId: store.keyId, secret: store.secret })
    await client.run(
      `CREATE EXTERNAL CATALOG emr PROPERTIES ("type" = "hive", "hive.metastore.uris" = "${uri}"); SET CATALOG emr; SET time_zone = 'UTC'`,
    )
    assert.deepEqual(await client.rows('SHOW DATABASES'), [
      ['default'],
      ['information_schema'],
      ['lake'],
    ])
    assert.deepEqual(
      (await client.rows('SHOW TABLES FROM lake')).map(([name]) => String(name)).toSorted(),
      ['hive_types', 'old', 'parts', 'seen', 'types', 'words'],
    )
    const own = select
      .replace(' l,', ' CAST(l AS STRING),')
      .replace('a[0]', 'a[1]')
      .replace('mp["q"]', "mp['q']")
    for (const table of ['types', 'hive_types'])
      assert.deepEqual(await client.rows(`${own}.${table} WHERE b`), READ, table)
    assert.deepEqual(await client.rows('SELECT count(*), count(i), count(mp) FROM lake.types'), [
      [2, 1, 1],
    ])
    assert.deepEqual(await client.rows('SELECT * FROM lake.parts ORDER BY id'), [
      [2, 'b', '2024-01-02', 'a b:c%'],
      [3, 'c', '2024-01-03', null],
      [4, 'd', '2024-01-01', 'cn'],
    ])
    assert.deepEqual(await client.rows("SELECT id FROM lake.parts WHERE region = 'cn'"), [[4]])
    assert.deepEqual(await client.rows('SELECT * FROM lake.words ORDER BY id'), [
      [1, 'x y'],
      [2, null],
      [3, 'of YARN'],
    ])
    assert.match((await client.refusal('SELECT * FROM lake.old')).message, /file format ORC/)
    assert.match((await client.refusal('SELECT * FROM lake.seen')).message, /^A view of a Hive/)
    assert.equal((await client.refusal('SELECT * FROM lake.none')).errno, 1146)
    assert.equal((await client.refusal('SELECT * FROM none.none')).errno, 1049)

    const instance = join(dataDir, 'local', String(InstanceId))
    const withKeys = readdirSync(instance, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name))
      .filter((path) => readFileSync(path).includes(store.secret))
    assert.ok(withKeys.length > 0)
    for (const path of withKeys) assert.ok(path.endsWith('/bucket.key'), path)
    await call(cloud, 'TerminateInstance', { InstanceId: String(InstanceId) })
    await untilState(cloud, String(InstanceId), 'deleted')
  },
)
