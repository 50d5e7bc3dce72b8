import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startCloud } from '../../../../support/fixture/cloud.ts'
import { ask } from '../../../../support/http/tencent-client.ts'
import { slCreateRequest } from '../../../../support/http/tencent-request.ts'

test('an instance has its new name; one that a new instance may not have is refused', async (t) => {
  const cloud = await startCloud(t)
  const { response } = await ask(cloud, 'CreateSLInstance', slCreateRequest())
  const InstanceId = response['InstanceId']
  const rename = (ClusterName: string, id: unknown = InstanceId) =>
    ask({ port: cloud.port, language: 'en-US' }, 'ModifySLInstanceBasic', {
      InstanceId: id,
      ClusterName,
    })
  assert.equal((await rename('renamed-hbase')).code, '')
  const read = await ask(cloud, 'DescribeSLInstance', { InstanceId })
  assert.equal(read.response['InstanceName'], 'renamed-hbase')
  const short = await rename('short')
  assert.equal(short.code, 'InvalidParameter.InvalidInstanceName')
  assert.match(short.message, /`ClusterName`/)
  assert.equal((await rename('renamed-2', 'emr-0')).code, 'ResourceNotFound.InstanceNotFound')
})
