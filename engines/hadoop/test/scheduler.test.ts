import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { DaemonPlan } from '../../../src/substrate/local/service.ts'
import { FAIR_FILE, schedulerFiles } from '../src/scheduler.ts'

const fileOf = (values: Readonly<Record<string, string>>) =>
  schedulerFiles({ settings: { [FAIR_FILE]: values } } as unknown as DaemonPlan)[FAIR_FILE] ?? ''

test('the fair scheduler begins with one queue, to which everything comes that names none', () => {
  assert.equal(
    fileOf({}),
    `<?xml version="1.0"?>
<allocations>
  <queue name="root">
    <schedulingPolicy>drf</schedulingPolicy>
    <queue name="default">
    </queue>
  </queue>
  <queuePlacementPolicy>
    <rule name="specified" create="false"/>
    <rule name="default" queue="root.default"/>
  </queuePlacementPolicy>
</allocations>
`,
  )
})

test('queues of the fair scheduler are a tree, each with what it was set to', () => {
  const text = fileOf({
    'root.queues': 'default,a',
    'root.maxAMShare': '-1',
    'root.a.queues': 'b',
    'root.a.type': 'parent',
    'root.a.weight': '2.5',
    'root.a.b.maxResources': 'memory-mb=1024, vcores=2',
    'root.a.b.aclSubmitApps': 'ann "<&>"',
    // Of no queue that is there any more.
    'root.gone.weight': '3',
    userMaxAppsDefault: '7',
  })
  const lines = text.split('\n').slice(2, -6)
  assert.deepEqual(
    lines.map((line) => line.trim()),
    [
      '<userMaxAppsDefault>7</userMaxAppsDefault>',
      '<queue name="root">',
      '<maxAMShare>-1</maxAMShare>',
      '<schedulingPolicy>drf</schedulingPolicy>',
      '<queue name="default">',
      '</queue>',
      '<queue name="a" type="parent">',
      '<weight>2.5</weight>',
      '<queue name="b">',
      '<maxResources>memory-mb=1024, vcores=2</maxResources>',
      '<aclSubmitApps>ann &quot;&lt;&amp;&gt;&quot;</aclSubmitApps>',
      '</queue>',
      '</queue>',
      '</queue>',
    ],
  )
})
