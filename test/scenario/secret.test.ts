/**
 * Secrets go in and never come out: every secret of a creation is sent, everything is asked, refused, logged and measured, and then
 * every byte that left the server or lies in its data directory is searched for them.
 */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { logger } from '../../src/kernel/log.ts'
import { hadoopBody, instanceBody } from '../support/body.ts'
import { client } from '../support/client.ts'
import { startCloud } from '../support/cloud.ts'

const SECRETS = {
  adminPassword: 'Hunter2@Alibaba',
  loginPassword: 'Hunter2@tc',
  cosId: 'AKIDhunter2cosid',
  cosKey: 'hunter2coskey',
  scriptId: 'AKIDhunter2script',
  scriptKey: 'hunter2scriptkey',
  metaPassword: 'hunter2metapass',
}
const script = {
  CosFileURI: 'https://b-1250000001.cos.ap-guangzhou.myqcloud.com/a.sh',
  WhenRun: 'resourceAfter',
  RunOrder: 1,
}

test('no secret of a request leaves the server again or lies readable on its disk', async (t) => {
  const written: string[] = []
  const log = logger('debug', { write: (line) => void written.push(line) })
  const cloud = await startCloud(t, { log })
  const connection = client(cloud.port)
  t.after(() => connection.close())
  const said: unknown[] = []
  const tencent = async (action: string, parameters: object) => {
    const answer = await connection.tencent(action, parameters)
    said.push(answer)
    return answer
  }
  const alibaba = async (path: string, parameters: Parameters<typeof connection.alibaba>[1]) => {
    const answer = await connection.alibaba(path, parameters)
    said.push(answer)
    return answer.body
  }

  const instance = {
    ...instanceBody('secret-one', 'token-1'),
    AdminPassword: SECRETS.adminPassword,
  }
  const made = await alibaba('/webapi/cluster/createV1', { body: instance })
  const cluster = {
    ...hadoopBody('secret-two', 'token-2'),
    LoginSettings: { Password: SECRETS.loginPassword },
    COSSettings: { CosSecretId: SECRETS.cosId, CosSecretKey: SECRETS.cosKey },
    PreExecutedFileSettings: [
      { ...script, CosSecretId: SECRETS.scriptId, CosSecretKey: SECRETS.scriptKey },
    ],
  }
  const created = await tencent('CreateInstance', cluster)
  assert.equal(made['Success'], true, JSON.stringify(made))
  assert.ok(created['InstanceId'], JSON.stringify(created))
  // Refused in every way: a bad value beside the secret, the secret itself, its type, the same token with another secret.
  await alibaba('/webapi/cluster/createV1', { body: { ...instance, PayType: 'never' } })
  await alibaba('/webapi/cluster/createV1', {
    body: { ...instance, AdminPassword: `${SECRETS.adminPassword} ` },
  })
  await alibaba('/webapi/cluster/createV1', {
    body: { ...instance, AdminPassword: { text: SECRETS.adminPassword } },
  })
  await alibaba('/webapi/cluster/createV1', {
    body: { ...instance, AdminPassword: `${SECRETS.adminPassword}3` },
  })
  await tencent('CreateInstance', { ...cluster, PayMode: 7 })
  await tencent('CreateInstance', {
    ...cluster,
    LoginSettings: { Password: SECRETS.loginPassword, Extra: SECRETS.loginPassword.length },
  })
  await tencent('CreateInstance', {
    ...cluster,
    LoginSettings: { Password: [SECRETS.loginPassword] },
  })
  const meta = {
    MetaDataJdbcUrl: 'jdbc:mysql://127.0.0.1:9/hive',
    MetaDataUser: 'hive',
    MetaDataPass: SECRETS.metaPassword,
  }
  await tencent('CreateInstance', {
    ...hadoopBody('secret-three'),
    MetaType: 'USER_CUSTOM_META',
    MetaDBInfo: meta,
  })
  await cloud.settle()
  const id = String((made['Data'] as Record<string, unknown>)['InstanceId'])
  await alibaba('/webapi/starrocks/describeInstances', { query: { RegionId: 'cn-hangzhou' } })
  await alibaba('/webapi/nodegroup/describeNodeGroups', { query: { ClusterId: id } })
  await alibaba('/webapi/operation/listOperationHistory', { query: { InstanceId: id } })
  await tencent('DescribeInstances', { DisplayStrategy: 'clusterList' })
  await tencent('DescribeInstancesList', { DisplayStrategy: 'clusterList' })
  await tencent('DescribeClusterNodes', { InstanceId: created['InstanceId'], NodeFlag: 'all' })
  for (const page of ['metrics', 'clusters', 'operations', 'audit', 'openapi', 'config']) {
    said.push(await (await fetch(`${cloud.url}/_emrys/${page}`)).text())
  }

  const places: readonly (readonly [string, string])[] = [
    ['an answer', JSON.stringify(said)],
    ['the log', written.join('')],
    ...readdirSync(cloud.dataDir).map(
      (name) => [name, readFileSync(join(cloud.dataDir, name), 'latin1')] as const,
    ),
  ]
  assert.ok(places.length > 4 && written.length > 0, 'there was nothing to search')
  for (const [secret, text] of Object.entries(SECRETS)) {
    for (const [place, content] of places)
      assert.ok(!content.includes(text), `${secret} stands in ${place}`)
  }
})
