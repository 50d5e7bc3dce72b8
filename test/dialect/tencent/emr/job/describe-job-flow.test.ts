import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startEmr } from '../../../../support/fixture/emr-cluster.ts'
import { job, run } from '../../../../support/fixture/emr-job.ts'
import { ask } from '../../../../support/http/tencent-client.ts'

test('a flow is shown with its steps, and one that there is not is refused', async (t) => {
  const it = await startEmr(t)
  const JobFlowId = await run(it, [job('a', { ActionOnFailure: 'TERMINATE_CLUSTER' })])
  const { response } = await ask(it.cloud, 'DescribeJobFlow', { JobFlowId })
  const [first] = response['Details'] as Record<string, string>[]
  assert.deepEqual(
    [first?.['Name'], first?.['ActionOnFailure'], first?.['ApplicationId']],
    ['a', 'TERMINATE_CLUSTER', ''],
  )
  const unknown = await ask(it.cloud, 'DescribeJobFlow', { JobFlowId: 999_999 })
  assert.equal(unknown.code, 'InvalidParameter.InvalidJobFlow')
  const elsewhere = await ask({ port: it.cloud.port, region: 'ap-shanghai' }, 'DescribeJobFlow', {
    JobFlowId,
  })
  assert.equal(elsewhere.code, 'InvalidParameter.InvalidJobFlow')
})
