/** Where a cluster keeps its metadata: bought, existing, or the client's own database, which is asked (reference: tencent-emr.md 2.1, 2.4 rule 8, 2.9). */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { logger } from '../../src/kernel/log.ts'
import { askAdmin } from '../support/http/admin.ts'
import { startCloud } from '../support/fixture/cloud.ts'
import { LOGIN, serve } from '../../engines/starrocks/test/support/mysql-server.ts'
import { ask, create, sampleCreateRequest } from '../support/http/tencent-client.ts'

function custom(port: number, more: object = {}) {
  return {
    MetaType: 'USER_CUSTOM_META',
    MetaDBInfo: {
      MetaDataJdbcUrl: `jdbc:mysql://127.0.0.1:${port}/shop?useSSL=false`,
      MetaDataUser: LOGIN.user,
      MetaDataPass: LOGIN.password,
      ...more,
    },
  }
}

test("a client's own database that answers is taken, and its password is nowhere", async (t) => {
  const heard: string[] = []
  const log = logger('debug', { write: (line) => heard.push(line) })
  const cloud = await startCloud(t, { log })
  const { port, engine } = await serve(t)
  const id = await create(cloud, custom(port))
  assert.equal(engine.sessions.length, 1)
  const { body, text } = await askAdmin(cloud.port, `clusters/${id}`)
  assert.equal(body.cluster.extension.metadata.probe, 'answered')
  assert.ok(body.cluster.secrets.includes('metadata.password'))
  for (const written of [...heard, text]) assert.ok(!written.includes(LOGIN.password), written)
})

test('one that cannot be used is refused with its reason, in the code of each list', async (t) => {
  const { port } = await serve(t)
  for (const [errorCodes, code] of [
    ['seed', 'InvalidParameter.InvalidMetaType'],
    ['current', 'InvalidParameter.InvalidMetaDataJdbcUrl'],
  ] as const) {
    const cloud = await startCloud(t, { config: { errorCodes } })
    const refused = async (creation: object) => {
      const answer = await ask(cloud, 'CreateInstance', sampleCreateRequest({ ...creation }))
      assert.equal(answer.code, code)
      assert.ok(!answer.message.includes(LOGIN.password))
      return answer.message
    }
    assert.match(await refused(custom(port, { MetaDataPass: 'wrong' })), /refuses MetaDataUser/)
    const absent = { MetaDataJdbcUrl: `jdbc:mysql://localhost:${port}/absent` }
    assert.match(await refused(custom(port, absent)), /has no such database/)
    const nowhere = { MetaDataJdbcUrl: 'jdbc:mysql://127.0.0.1:1/shop' }
    assert.match(await refused(custom(port, nowhere)), /no MySQL server can be talked to/)
    const beyond = { MetaDataJdbcUrl: 'jdbc:mysql://127.0.0.1:70000/shop' }
    assert.match(await refused(custom(port, beyond)), /jdbc:mysql:\/\/host:port\/database/)
  }
})

test('only what the configuration allows is asked; what is not is kept and says so', async (t) => {
  const { port, engine } = await serve(t)
  const elsewhere = { MetaDataJdbcUrl: 'jdbc:mysql://10.0.0.7:3306/hive' }
  const cloud = await startCloud(t)
  const far = await create(cloud, custom(port, elsewhere))
  const reported = await askAdmin(cloud.port, `clusters/${far}`)
  assert.equal(reported.body.cluster.extension.metadata.probe, 'not-allowed')
  const off = await startCloud(t, { config: { metadataProbe: 'off' } })
  const unasked = await create(off, custom(port))
  const page = await askAdmin(off.port, `clusters/${unasked}`)
  assert.equal(page.body.cluster.extension.metadata.probe, 'off')
  assert.equal(engine.sessions.length, 0)
})

test('a server that others can reach asks nothing of its own machine for them', async (t) => {
  const { port, engine } = await serve(t)
  const cloud = await startCloud(t, { config: { host: '0.0.0.0', developmentKey: false } })
  const outcome = await cloud.core.metadataProbe.check({
    host: '127.0.0.1',
    port,
    database: 'shop',
    ...LOGIN,
  })
  assert.equal(outcome, 'off')
  assert.equal(engine.sessions.length, 0)
})

test('a retry with its token is answered as before, and the database is not asked again', async (t) => {
  const cloud = await startCloud(t)
  const { port, engine } = await serve(t)
  const request = sampleCreateRequest({ ...custom(port), ClientToken: 'token-1' })
  const first = await ask(cloud, 'CreateInstance', request)
  const second = await ask(cloud, 'CreateInstance', request)
  assert.equal(second.response['InstanceId'], first.response['InstanceId'])
  assert.equal(engine.sessions.length, 1)
})

test('a bought database is shown with its id, an existing one must be in the network', async (t) => {
  const cloud = await startCloud(t)
  const { Software } = sampleCreateRequest()
  const bought = await create(cloud, { Software: [...Software, 'hive', 'tez'] })
  const { response } = await ask(cloud, 'DescribeInstances', {
    DisplayStrategy: 'clusterList',
    InstanceIds: [bought],
  })
  const [{ MetaDb }] = response['ClusterList'] as [{ MetaDb: string }]
  assert.match(MetaDb, /^cdb-[0-9a-z]{8}$/)
  const elsewhere = await ask(
    cloud,
    'CreateInstance',
    sampleCreateRequest({ MetaType: 'EMR_EXIST_META', UnifyMetaInstanceId: 'cdb-emrysmdb' }),
  )
  assert.equal(elsewhere.code, 'InvalidParameter.InvalidMetaType')
  const existing = await create(cloud, {
    MetaType: 'EMR_EXIST_META',
    UnifyMetaInstanceId: 'cdb-12345678',
  })
  const { body } = await askAdmin(cloud.port, `clusters/${existing}`)
  assert.equal(body.cluster.extension.metadata.database, 'cdb-12345678')
})

test('the configuration of ExtendFsField is kept where a user can look at it', async (t) => {
  const cloud = await startCloud(t)
  const file = {
    serviceName: 'HDFS',
    classification: 'hdfs-site.xml',
    serviceVersion: '2.8.5',
    properties: { 'dfs.replication': 2 },
  }
  const id = await create(cloud, { ExtendFsField: JSON.stringify([file]) })
  const { body } = await askAdmin(cloud.port, `clusters/${id}`)
  assert.deepEqual(body.cluster.spec.configuration, [
    {
      service: 'HDFS',
      version: '2.8.5',
      file: 'hdfs-site.xml',
      properties: { 'dfs.replication': '2' },
    },
  ])
})
