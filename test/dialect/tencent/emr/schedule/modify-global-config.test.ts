import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startEmr } from '../../../../support/fixture/emr-cluster.ts'
import { deployed, masterFile, pending } from '../../../../support/fixture/emr-schedule.ts'

const of = (...items: readonly (readonly [string, string])[]) => ({
  Items: items.map(([Key, Value]) => ({ Key, Value })),
})

test('settings are drafted, the switch is thrown at once', async (t) => {
  const it = await startEmr(t)
  const config = () => it.answer('DescribeGlobalConfig')
  await it.answer('ModifyGlobalConfig', of(['EnableResourceSchedule', 'false'], ['sync', 'true']))
  assert.equal((await config())['EnableResourceSchedule'], false)
  await it.answer(
    'ModifyGlobalConfig',
    of(
      ['queueMappingOverride', 'true'],
      ['userMaxAppsDefault', '7'],
      ['node-locality-delay', '-1'],
    ),
  )
  const drafted = await config()
  assert.deepEqual(drafted['FairGlobalConfig'], { UserMaxAppsDefault: 7 })
  assert.equal(
    (drafted['CapacityGlobalConfig'] as Record<string, unknown>)['QueueMappingOverride'],
    true,
  )
  assert.deepEqual(await pending(it, { Scheduler: 'fair' }), [' userMaxAppsDefault:  -> 7'])
  await deployed(it)
  const file = await masterFile(it, 'capacity-scheduler.xml')
  assert.equal(file['yarn.scheduler.capacity.node-locality-delay'], '-1')
  await it.answer('ModifyGlobalConfig', of(['userMaxAppsDefault', 'null'], ['scheduler', 'fair']))
  const last = await config()
  assert.deepEqual(last['FairGlobalConfig'], { UserMaxAppsDefault: null })
  assert.equal(last['Scheduler'], 'fair')
})

test('what is no setting is refused by name', async (t) => {
  const it = await startEmr(t)
  const BAD = 'InvalidParameter'
  await it.refused('ModifyGlobalConfig', [
    [of(['mood', 'x']), BAD, 'Items.0.Key'],
    [of(['enableResourceSchedule', 'on']), BAD, 'Items.0.Value'],
    [of(['sync', 'perhaps']), BAD, 'Items.0.Value'],
    [of(['scheduler', 'fifo']), BAD, 'Items.0.Value'],
    [of(['enableLabel', 'true']), 'UnsupportedOperation', 'Items.0'],
    [of(['labelDir', 'hdfs:///l']), 'UnsupportedOperation', 'Items.0'],
    [of(['queueMappingOverride', '1']), BAD, 'Items.0.Value'],
    [of(['userMaxAppsDefault', 'many']), BAD, 'Items.0.Value'],
    [of(['node-locality-delay', 'far']), BAD, 'Items.0.Value'],
    [of(['multiple-assignments-enabled', '1']), BAD, 'Items.0.Value'],
    [of(['resource-calculator', 'a b']), BAD, 'Items.0.Value'],
    [
      { ...of(['sync', 'false']), InstanceId: 'emr-0' },
      'ResourceNotFound.InstanceNotFound',
      'emr-0',
    ],
  ])
  assert.deepEqual(await pending(it), [])
})
