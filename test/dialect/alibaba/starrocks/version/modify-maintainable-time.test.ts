import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startInstance } from '../../../../support/fixture/alibaba-instance.ts'

test('the hours read back as they were sent, and every one of the service is taken', async (t) => {
  const { send, describe } = await startInstance(t)
  assert.equal((await describe()).MaintainablePeriod, '00:00-06:00')
  const hourly = Array.from(
    { length: 18 },
    (_, at) => `${String(at + 6).padStart(2, '0')}:00-${String(at + 7).padStart(2, '0')}:00`,
  )
  assert.deepEqual([hourly[0], hourly.at(-1)], ['06:00-07:00', '23:00-24:00'])
  for (const MaintainableTimePeriod of [...hourly, '00:00-06:00']) {
    const { body } = await send('ModifyMaintainableTime', { MaintainableTimePeriod })
    assert.equal(body.Data, true)
    assert.equal((await describe()).MaintainablePeriod, MaintainableTimePeriod)
  }
})

test('whether minor versions come by themselves stays as it was, and so do the hours', async (t) => {
  const { send, describe } = await startInstance(t)
  await send('ToggleAutoMinorVersionUpgrade', { AutoUpgrade: true })
  await send('ModifyMaintainableTime', { MaintainableTimePeriod: '09:00-10:00' })
  const { EnableAutoMinorVersionUpgrade, MaintainablePeriod } = await describe()
  assert.deepEqual([EnableAutoMinorVersionUpgrade, MaintainablePeriod], [true, '09:00-10:00'])
})

test('other hours, an instance that does not run and one that is not there are refused', async (t) => {
  const { cloud, send, refusal, describe } = await startInstance(t)
  for (const MaintainableTimePeriod of ['06:00-08:00', '6:00-7:00', '24:00-25:00', 'night']) {
    const refused = await refusal('ModifyMaintainableTime', { MaintainableTimePeriod })
    assert.equal(refused.code, 'InvalidParams', MaintainableTimePeriod)
    assert.match(refused.message, /MaintainableTimePeriod|Maintainable time period/)
  }
  const none = await refusal('ModifyMaintainableTime', { MaintainableTimePeriod: '' })
  assert.equal(none.code, 'MissingMaintainableTimePeriod')
  const query = { MaintainableTimePeriod: '06:00-07:00' }
  const absent = await refusal('ModifyMaintainableTime', { ...query, InstanceId: 'c-0' })
  assert.equal(absent.code, 'Instance.NotFound')
  cloud.substrates.get('simulation')!.pacing!.set('starrocks', 'manual:1000')
  await send('RestartInstance')
  const busy = await refusal('ModifyMaintainableTime', query)
  assert.equal(busy.code, 'OperationDenied.InstanceStatus')
  assert.equal((await describe()).MaintainablePeriod, '00:00-06:00')
})
