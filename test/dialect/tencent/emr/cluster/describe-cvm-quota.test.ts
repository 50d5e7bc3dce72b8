import assert from 'node:assert/strict'
import { test } from 'node:test'
import { environmentCloud } from '../../../../support/fixture/environment-cloud.ts'
import { ask, create } from '../../../../support/http/tencent-client.ts'

const HOURLY = { PayMode: 0, TimeUnit: 's', TimeSpan: 3600 }

test('what the quota says is left can be bought, and no more', async (t) => {
  const text = `tencent:
  quotas: [{ of: machine, amount: 8 }, { of: machine, zone: ap-guangzhou-3, amount: 5 }]
`
  const cloud = await environmentCloud(t, { text })
  const ClusterId = await create(cloud)
  await cloud.settle()
  const quota = async (members: object = {}) => {
    const { response } = await ask(cloud, 'DescribeCvmQuota', { ClusterId, ...members })
    return response['PostPaidQuotaSet']
  }
  const row = (used: number, most: number, Zone: string) => [
    { UsedQuota: used, RemainingQuota: most - used, TotalQuota: most, Zone },
  ]
  assert.deepEqual(await quota(), row(3, 5, 'ap-guangzhou-3'))
  assert.deepEqual(await quota({ ZoneId: 100_004 }), row(3, 8, 'ap-guangzhou-4'))
  const scale = (CoreCount: number) =>
    ask(cloud, 'ScaleOutInstance', { InstanceId: ClusterId, ...HOURLY, CoreCount })
  assert.equal((await scale(3)).code, 'InternalError.CheckQuotaErr')
  assert.equal((await scale(2)).code, '')
  await cloud.settle()
  assert.deepEqual(await quota(), row(5, 5, 'ap-guangzhou-3'))
  const { response, code } = await ask(cloud, 'DescribeCvmQuota', { ClusterId: 'emr-00000000' })
  assert.equal(code, '')
  assert.deepEqual(response['PostPaidQuotaSet'], [])
  const elsewhere = await ask(cloud, 'DescribeCvmQuota', { ClusterId, ZoneId: 200_001 })
  assert.equal(elsewhere.code, 'InvalidParameterValue')
})
