import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startCloud } from '../../../../support/fixture/cloud.ts'
import { ask } from '../../../../support/http/tencent-client.ts'
import { slCreateRequest } from '../../../../support/http/tencent-request.ts'

test('what is paid for as it is used goes at once; a subscription is isolated first', async (t) => {
  // Nothing is done before time passes.
  const progressions = { default: { mode: 'time', seconds: 60 } } as const
  const cloud = await startCloud(t, { config: { progressions } })
  const make = async (members: object = {}) => {
    const { response } = await ask(cloud, 'CreateSLInstance', slCreateRequest({ ...members }))
    return response['InstanceId']
  }
  const terminate = async (InstanceId: unknown) =>
    (await ask(cloud, 'TerminateSLInstance', { InstanceId })).code
  const read = (InstanceId: unknown) => ask(cloud, 'DescribeSLInstance', { InstanceId })
  const hourly = await make()
  assert.equal(await terminate(hourly), 'ResourceInUse.InstanceInProcess')
  await cloud.settle()
  assert.equal(await terminate(hourly), '')
  assert.equal((await read(hourly)).response['Status'], 14)
  await cloud.settle()
  assert.equal((await read(hourly)).code, 'ResourceNotFound.InstanceNotFound')
  const monthly = await make({
    PayMode: 1,
    PrePaySetting: { Period: { TimeSpan: 1, TimeUnit: 'm' }, AutoRenewFlag: 0 },
  })
  await cloud.settle()
  assert.equal(await terminate(monthly), '')
  await cloud.settle()
  const { response } = await read(monthly)
  assert.equal(response['Status'], 201)
  assert.notEqual(response['IsolateTime'], '0000-00-00 00:00:00')
  assert.equal(await terminate(monthly), '')
  await cloud.settle()
  assert.equal(await terminate(monthly), 'ResourceNotFound.InstanceNotFound')
})
