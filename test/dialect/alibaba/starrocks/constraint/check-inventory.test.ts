import assert from 'node:assert/strict'
import { test } from 'node:test'
import { environmentCloud } from '../../../../support/fixture/environment-cloud.ts'
import { alibabaClient, createBody, refusalOf } from '../../../../support/http/alibaba-client.ts'

const ZONE = 'cn-hangzhou-i'
const size = { cu: 8, storageSize: 100, nodeNumber: 3, diskNumber: 1, specType: 'standard' }
const info = {
  clusterType: 'sr',
  regionId: 'cn-hangzhou',
  packageType: 'official',
  runMode: 'shared_data',
  beResourceSpec: { ...size, storagePerformanceLevel: 'pl1', diskType: 'essd' },
  feResourceSpec: size,
}

for (const [what, limits] of [
  ['stock', `  stock: [{ of: machine, zone: ${ZONE}, amount: 48 }]`],
  ['disks in stock', `  stock: [{ of: storage, zone: ${ZONE}, amount: 600 }]`],
  ['quota', '  quotas: [{ of: machine, amount: 48 }]'],
] as const) {
  test(`there is as much ${what} as a creation would find`, async (t) => {
    const cloud = await environmentCloud(t, { text: `alibaba:\n${limits}\n` })
    const call = alibabaClient(cloud.port)
    const ask = async (more: object = {}) => {
      const ClusterInfo = JSON.stringify({ ...info, ...more })
      return (await call('CheckInventory', { query: { ClusterInfo, ZoneId: ZONE } })).body.Data
    }
    assert.equal(await ask(), true)
    assert.equal(await ask({ beResourceSpec: { ...size, nodeNumber: 4 } }), false)
    const body = createBody({
      ObserverNodeGroups: [],
      PromotionOptionNo: '',
      ResourceGroupId: null,
    })
    const created = await call('CreateInstanceV1', { body })
    await cloud.settle()
    const { InstanceId } = created.body.Data
    const { Data } = (await call('DescribeInstances', { query: { InstanceId } })).body
    assert.equal(Data[0].InstanceStatus, 'running')
    assert.equal(await ask(), false)
    await call('ReleaseInstance', { query: { InstanceId } })
    await cloud.settle()
    assert.equal(await ask(), true)
  })
}

test('what could not be ordered at all is refused as a creation is', async (t) => {
  const text = `alibaba:\n  zones: [{ id: cn-hangzhou-j, region: cn-hangzhou, absent: true }]\n`
  const cloud = await environmentCloud(t, { text })
  const call = alibabaClient(cloud.port)
  const refusal = async (more: object, ZoneId = ZONE) => {
    const ClusterInfo = JSON.stringify({ ...info, ...more })
    const { code, message } = await refusalOf(
      call('CheckInventory', { query: { ClusterInfo, ZoneId } }),
    )
    return `${code} ${message}`
  }
  assert.match(await refusal({}, 'cn-nowhere-z'), /InvalidParams.*Zone id should be select/)
  assert.match(await refusal({}, 'cn-hangzhou-j'), /InvalidParams.*zone cn-hangzhou-j not exists/)
  const odd = { feResourceSpec: { ...size, nodeNumber: 2 } }
  assert.match(await refusal(odd), /InvalidParams.*Number of fe/)
  assert.match(await refusal({ beResourceSpec: { cu: 7 } }), /InvalidParams.*Cu of be/)
  assert.match(await refusal({ clusterType: 'flink' }), /InvalidParams.*Cluster type/)
})
