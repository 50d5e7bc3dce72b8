import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startCloud } from '../../../../support/fixture/cloud.ts'
import { ask, create } from '../../../../support/http/tencent-client.ts'

test('a cluster has its new name in every listing; names that a new one may not have are refused', async (t) => {
  const cloud = await startCloud(t)
  const id = await create(cloud)
  await cloud.settle()
  const rename = (members: object) =>
    ask({ port: cloud.port, language: 'en-US' }, 'ModifyInstanceBasic', {
      InstanceId: id,
      ClusterName: '新的集群名-2',
      ...members,
    })
  assert.equal((await rename({})).code, '')
  for (const [action, list] of [
    ['DescribeInstances', 'ClusterList'],
    ['DescribeInstancesList', 'InstancesList'],
  ] as const) {
    const { response } = await ask(cloud, action, { DisplayStrategy: 'clusterList' })
    const [row] = response[list] as Record<string, unknown>[]
    assert.equal(row?.['ClusterName'], '新的集群名-2')
  }
  const short = await rename({ ClusterName: 'short' })
  assert.equal(short.code, 'InvalidParameter.InvalidInstanceName')
  assert.match(short.message, /`ClusterName`/)
  const UNSUPPORTED = 'UnsupportedOperation'
  assert.equal((await rename({ ResourceBaseType: 'ComputeResource' })).code, UNSUPPORTED)
  assert.equal((await rename({ ComputeResourceId: 'emr-cr-1' })).code, UNSUPPORTED)
  const unknown = await rename({ InstanceId: 'emr-00000000' })
  assert.equal(unknown.code, 'ResourceNotFound.InstanceNotFound')
  await ask(cloud, 'TerminateInstance', { InstanceId: id })
  assert.equal((await rename({})).code, 'ResourceNotFound.InstanceNotFound')
})
