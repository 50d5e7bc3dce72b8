/** Hive's tables of an EMR cluster, written down in its client's own database, a real MariaDB. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import {
  addressesOf,
  call,
  daemonsOf,
  emrCloud,
  emrDirectory,
  kill,
  processesOf,
  until,
  untilState,
} from '../support/engine/emr-cluster.ts'
import { beeline } from '../support/engine/hive-client.ts'
import { DATABASE, LOGIN, skipWithoutMariadb, startMariadb } from '../support/engine/mariadb.ts'
import { skipWithout } from '../support/engine/module.ts'
import { ask, sampleCreateRequest } from '../support/http/tencent-client.ts'

const skip =
  skipWithout('spark') || skipWithout('hadoop') || skipWithout('openldap') || skipWithoutMariadb()

const components = ['hdfs-3.2.2', 'yarn-3.2.2', 'zookeeper-3.6.3', 'openldap-2.4.44', 'knox-1.6.1']

function request(port: number) {
  return sampleCreateRequest({
    ProductId: 44,
    Software: [...components, 'hive-3.1.3'],
    MetaType: 'USER_CUSTOM_META',
    MetaDBInfo: {
      MetaDataJdbcUrl: `jdbc:mysql://127.0.0.1:${port}/${DATABASE}`,
      MetaDataUser: LOGIN.user,
      MetaDataPass: LOGIN.password,
    },
  })
}

test(
  "tables are written down in the client's own database, with which they stay",
  { skip, timeout: 2_400_000 },
  async (t) => {
    const { port, query } = await startMariadb(t)
    const dataDir = emrDirectory(t)
    const cloud = await emrCloud(t, dataDir)
    const { InstanceId } = await call(cloud, 'CreateInstance', request(port))
    const id = String(InstanceId)
    const cluster = await untilState(cloud, id, 'running')
    const [master = ''] = addressesOf(cluster, 'master')
    const servers = () => daemonsOf(dataDir).filter(({ name }) => name.startsWith('hive-'))
    assert.deepEqual(
      servers()
        .map(({ name }) => name)
        .toSorted(),
      ['hive-metastore', 'hive-server2'],
    )
    const sql = (...statements: string[]) => beeline(master, statements)
    await sql('create table kept (a int) using parquet', 'insert into kept values (7)')
    assert.deepEqual(await query('select TBL_NAME from TBLS'), [{ TBL_NAME: 'kept' }])

    // Its password is where the metastore reads it, and nowhere else.
    const written = readdirSync(dataDir, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name))
      .filter((path) => readFileSync(path).includes(LOGIN.password))
    assert.equal(written.length, 1)
    assert.match(written[0] ?? '', /\/hive-metastore\/[^/]+\/hive-site\.xml$/)

    const before = servers().map(({ pid }) => pid)
    for (const pid of before) kill(pid)
    await until('other servers', () => {
      const now = servers().map(({ pid }) => pid)
      return now.length === 2 && !now.some((pid) => before.includes(pid))
    })
    await untilState(cloud, id, 'running')
    await until('it answers', async () => (await sql('select a from kept')).join() === '7')

    await call(cloud, 'TerminateInstance', { InstanceId: id })
    await untilState(cloud, id, 'deleted')
    assert.deepEqual(processesOf(dataDir), [])
    assert.deepEqual(await query('select TBL_NAME from TBLS'), [{ TBL_NAME: 'kept' }])
  },
)

test('a database that is not there to be used is refused by name, and nothing is made', async (t) => {
  const { port } = await startMariadb(t)
  const cloud = await emrCloud(t, emrDirectory(t), { metadataProbe: 'off' })
  const unasked = await ask(cloud, 'CreateInstance', request(port))
  assert.equal(unasked.code, 'UnsupportedOperation')
  assert.match(
    unasked.message,
    /^`127\.0\.0\.1:\d+` is not supported: metadata are kept there only where/,
  )
  const refused = await ask(cloud, 'CreateInstance', {
    ...sampleCreateRequest({ ProductId: 44, Software: [...components, 'hive-3.1.3'] }),
    MetaType: 'EMR_EXIST_META',
    UnifyMetaInstanceId: 'cdb-01234567',
  })
  assert.equal(refused.code, 'UnsupportedOperation')
  assert.match(refused.message, /`cdb-01234567`.* no database of the cloud is on this machine/)
})
