import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startEmr } from '../../../../support/fixture/emr-cluster.ts'
import {
  basic,
  edit,
  half,
  paths,
  pending,
  settings,
  share,
  tree,
  type ShownQueue,
} from '../../../../support/fixture/emr-schedule.ts'

test('queues are made, edited and removed in the draft, and nothing is in force yet', async (t) => {
  const it = await startEmr(t)
  assert.deepEqual(await paths(it, 'capacity'), ['root', 'root.default'])
  await edit(it, 'capacity', share('q', 50), half)
  await edit(it, 'capacity', share('below', 100, { OpType: 2, ParentId: 'root.q' }))
  assert.deepEqual(await paths(it, 'capacity'), ['root', 'root.default', 'root.q', 'root.q.below'])
  assert.ok((await pending(it, { Scheduler: 'capacity' })).includes('root.q capacity:  -> 50'))
  await edit(it, 'capacity', { OpType: 3, MyId: 'root.q' })
  assert.deepEqual(await paths(it, 'capacity'), ['root', 'root.default'])
})

test('an edit replaces what a queue says, an update adds to it, and null takes it back', async (t) => {
  const it = await startEmr(t)
  const queue = async (): Promise<ShownQueue> => (await tree(it, 'fair')).queues.at(-1)!
  const acl = '{"user":"ann","group":"hadoop"}'
  const all = { schedulingPolicy: 'drf', aclSubmitApps: acl, allowPreemptionFrom: 'true' }
  await edit(it, 'fair', {
    OpType: 0,
    Name: 'q',
    ParentId: 'root',
    ...basic(all),
    ...settings({ weight: '2.5' }),
  })
  const made = await queue()
  assert.deepEqual(
    [
      made['schedulingPolicy'],
      made['aclSubmitApps'],
      made['allowPreemptionFrom'],
      made['configSets'],
    ],
    [
      'drf',
      { user: 'ann', group: 'hadoop' },
      true,
      [
        {
          name: 'default',
          minResources: null,
          maxResources: null,
          maxChildResources: null,
          maxRunningApps: null,
          weight: 2.5,
          maxAMShare: null,
        },
      ],
    ],
  )
  await edit(it, 'fair', {
    OpType: 6,
    MyId: 'root.q',
    ...basic({ schedulingPolicy: 'null', type: 'parent' }),
  })
  const updated = await queue()
  assert.deepEqual([updated['schedulingPolicy'], updated['type']], [null, 'parent'])
  assert.deepEqual(updated['aclSubmitApps'], { user: 'ann', group: 'hadoop' })
  await edit(it, 'fair', { OpType: 1, MyId: 'root.q', ...basic({ schedulingPolicy: 'fifo' }) })
  const replaced = await queue()
  assert.deepEqual([replaced['schedulingPolicy'], replaced['aclSubmitApps']], ['fifo', null])
})

test('amounts and lists of users stand in the file in the words of YARN, and are read as they were sent', async (t) => {
  const it = await startEmr(t)
  const resource = (vcores: number | null, memory: number | null, type: string | null = null) =>
    JSON.stringify({ vcores, memory, type })
  const sent = {
    minResources: resource(2, 1_024),
    maxResources: resource(50, 25, 'percent'),
    maxChildResources: resource(null, 512),
  }
  const acl = { aclSubmitApps: '{"user":"ann, bob","group":"staff"}' }
  await edit(it, 'fair', {
    OpType: 0,
    Name: 'q',
    ParentId: 'root',
    ...basic({ ...acl, aclAdministerApps: '{"user":"*","group":""}' }),
    ...settings(sent),
  })
  const rows = await pending(it, { Scheduler: 'fair' })
  for (const row of [
    'root.q minResources:  -> memory-mb=1024, vcores=2',
    'root.q maxResources:  -> memory-mb=25%, vcores=50%',
    'root.q maxChildResources:  -> memory-mb=512',
    'root.q aclSubmitApps:  -> ann,bob staff',
    'root.q aclAdministerApps:  -> *',
  ])
    assert.ok(rows.includes(row), rows.join('\n'))
  const queue = (await tree(it, 'fair')).queues.at(-1)!
  const [set] = queue['configSets'] as Record<string, unknown>[]
  for (const [name, value] of Object.entries(sent)) assert.deepEqual(set?.[name], JSON.parse(value))
  assert.deepEqual(queue['aclSubmitApps'], { user: 'ann,bob', group: 'staff' })
  const own = (values: Readonly<Record<string, string>>) => ({
    Scheduler: 'fair',
    ConfigModifyInfoList: [{ OpType: 6, MyId: 'root.q', ...settings(values) }],
  })
  await it.refused('ModifyYarnQueueV2', [
    [own({ minResources: resource(5, 5, 'percent') }), 'FailedOperation', 'minResources'],
    [own({ maxResources: resource(-1, 5) }), 'FailedOperation', 'maxResources'],
    [own({ maxRunningApps: '2.5' }), 'FailedOperation', 'maxRunningApps'],
    [own({ maxAMShare: '1.5' }), 'FailedOperation', 'maxAMShare'],
  ])
})

test('a clone of a fair queue takes the queues below it along', async (t) => {
  const it = await startEmr(t)
  const add = (Name: string, ParentId: string) => ({ OpType: 2, Name, ParentId })
  await edit(it, 'fair', add('a', 'root'), { ...add('b', 'root.a'), ...settings({ weight: '3' }) })
  await edit(it, 'fair', { OpType: 4, Name: 'c', ParentId: 'root', MyId: 'root.a' })
  assert.deepEqual((await paths(it, 'fair')).slice(-2), ['root.c', 'root.c.b'])
})

test('what no queue can be is refused by name, and then nothing is drafted', async (t) => {
  const it = await startEmr(t)
  const of = (...edits: object[]) => ({ Scheduler: 'capacity', ConfigModifyInfoList: edits })
  const at = 'ConfigModifyInfoList.0'
  const own = { OpType: 6, MyId: 'root.default' }
  await it.refused('ModifyYarnQueueV2', [
    [of({ ...own, MyId: 'root.none' }), 'FailedOperation', `${at}.MyId`],
    [of(share('q', 5, { ParentId: 'root.none' })), 'FailedOperation', `${at}.ParentId`],
    [of(share('default', 5)), 'FailedOperation', `${at}.Name`],
    [of(share('a.b', 5)), 'FailedOperation', `${at}.Name`],
    [of({ OpType: 3, MyId: 'root.default' }), 'FailedOperation', `${at}.MyId`],
    [of({ ...own, ...basic({ state: 'SLEEPING' }) }), 'FailedOperation', 'state'],
    [of({ ...own, ...basic({ mood: 'x' }) }), 'FailedOperation', `${at}.BasicParams`],
    [
      of({ ...own, ...basic({ acl_administer_queue: '[]' }) }),
      'FailedOperation',
      'acl_administer_queue',
    ],
    [
      of({ ...own, ...settings({ 'user-limit-factor': 'much' }) }),
      'FailedOperation',
      'user-limit-factor',
    ],
    [of({ ...own, DeleteLables: ['l'] }), 'UnsupportedOperation', 'DeleteLables'],
    [
      of({ ...own, ConfigSetParams: [{ ConfigSet: 'night' }] }),
      'UnsupportedOperation',
      'ConfigSet',
    ],
    [
      of({
        ...own,
        ConfigSetParams: [
          { ConfigSet: 'default', LabelParams: [{ Items: [{ Key: 'labelName', Value: 'l' }] }] },
        ],
      }),
      'UnsupportedOperation',
      'LabelParams',
    ],
    [of(share('good', 5), share('bad name', 5)), 'FailedOperation', 'ConfigModifyInfoList.1.Name'],
    [{ ...of(own), InstanceId: 'emr-0' }, 'ResourceNotFound.InstanceNotFound', 'emr-0'],
  ])
  assert.deepEqual(await pending(it, { Scheduler: 'capacity' }), [])
  const many = Array.from({ length: 98 }, (_, each) => share(`q${each}`, 0))
  await edit(it, 'capacity', ...many)
  await it.refused('ModifyYarnQueueV2', [
    [of(share('one-more', 0)), 'FailedOperation', 'at most 100'],
  ])
})
