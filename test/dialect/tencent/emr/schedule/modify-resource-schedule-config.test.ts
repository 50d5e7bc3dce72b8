import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startEmr } from '../../../../support/fixture/emr-cluster.ts'
import { paths, pending, tree } from '../../../../support/fixture/emr-schedule.ts'

const queue = (name: string, capacity: number, members: object = {}) => {
  return { name, capacity, 'maximum-capacity': capacity, queues: null, ...members }
}
const value = (queues: readonly object[], members: object = {}) =>
  JSON.stringify({ queue: { name: 'root', capacity: 100, queues }, ...members })
const HALF = [queue('default', 50), queue('a', 50, { state: 'RUNNING', queues: [queue('b', 100)] })]
const capacity = (Value: string) => ({ Key: 'capacity', Value })

test('all queues are drafted at once, in place of those before, and deployed with the rest', async (t) => {
  const it = await startEmr(t)
  const first = await it.answer('ModifyResourceScheduleConfig', capacity(value(HALF)))
  assert.deepEqual([first['IsDraft'], first['ErrorMsg']], [true, ''])
  assert.deepEqual(await paths(it, 'capacity'), ['root', 'root.default', 'root.a', 'root.a.b'])
  assert.ok((await pending(it, { Scheduler: 'capacity' })).includes('root.a capacity:  -> 50'))
  const whole = [queue('default', 40), queue('c', 60, { 'user-limit-factor': 2 })]
  const queueMappings = [{ 'mapping-type': 'u', name: 'ann', 'full-queue-name': 'root.c' }]
  await it.answer('ModifyResourceScheduleConfig', capacity(value(whole, { queueMappings })))
  assert.deepEqual(await paths(it, 'capacity'), ['root', 'root.default', 'root.c'])
  const { queues } = await tree(it, 'capacity')
  const [set] = (queues[1]?.['configs'] ?? []) as { 'user-limit-factor': number }[]
  assert.equal(set?.['user-limit-factor'], 2)
  await it.answer('DeployYarnConf')
  await it.cloud.settle()
  const found = await it.cloud.store.read((tx) => tx.findById('cluster', it.id))
  const file = found!.document.spec.configuration.find((each) => each.file.startsWith('capacity'))
  assert.equal(file?.properties['yarn.scheduler.capacity.root.c.capacity'], '60')
  assert.equal(file?.properties['yarn.scheduler.capacity.queue-mappings'], 'u:ann:root.c')
})

test('what is read can be sent back, and then nothing is drafted', async (t) => {
  const it = await startEmr(t)
  for (const [Key, member] of [
    ['capacity', 'CSInfo'],
    ['fair', 'FSInfo'],
  ] as const) {
    const seen = await it.answer('DescribeResourceSchedule')
    const Value = String(seen[member])
    const answer = await it.answer('ModifyResourceScheduleConfig', { Key, Value })
    const before = JSON.parse(Value) as { schedulerInfo: { queue: unknown } }
    const after = JSON.parse(String(answer['Data'])) as { queue: unknown }
    assert.deepEqual(after.queue, before.schedulerInfo.queue)
  }
  assert.deepEqual(await pending(it, {}), [])
})

test('what no queues can be is refused by name, and nothing is drafted', async (t) => {
  const it = await startEmr(t)
  const FO = 'FailedOperation'
  const mapped = (mapping: object) => value(HALF, { queueMappings: [mapping] })
  const many = Array.from({ length: 101 }, (_, at) => queue(`q${at}`, 0))
  await it.refused('ModifyResourceScheduleConfig', [
    [{ ...capacity(value(HALF)), Key: 'fairPlan' }, 'UnsupportedOperation', 'Key'],
    [{ ...capacity(value(HALF)), Key: 'other' }, 'InvalidParameter', 'Key'],
    [capacity('{'), FO, 'Value'],
    [capacity('{}'), FO, 'root'],
    [capacity(value([queue('a', 100)])), FO, 'root.default'],
    [capacity(value([queue('default', 50)])), FO, '100'],
    [capacity(value([queue('default', 50), queue('default', 50)])), FO, 'once'],
    [capacity(value([queue('a.b', 100)])), FO, 'names'],
    [capacity(value([queue('default', 100, { state: 'ASLEEP' })])), FO, 'state'],
    [capacity(value([...many, queue('default', 100)])), FO, 'at most'],
    [capacity(mapped({ 'mapping-type': 'x' })), FO, 'mapping'],
    [capacity(mapped({ 'mapping-type': 'u', name: 'a', 'full-queue-name': 'none' })), FO, 'queue'],
    [
      { ...capacity(value(HALF)), InstanceId: 'emr-0' },
      'ResourceNotFound.InstanceNotFound',
      'emr-0',
    ],
  ])
  assert.deepEqual(await pending(it, { Scheduler: 'capacity' }), [])
})
