import assert from 'node:assert/strict'
import { test } from 'node:test'
import { viewFlow } from '../../../../../src/dialect/tencent/emr/flow/view.ts'
import { begin, finish, type Verb } from '../../../../../src/domain/operation.ts'

const english = { language: 'en', extra: false } as const
const chinese = { language: 'zh', extra: false } as const

function operation(verb: Verb, subject: string, steps: readonly string[]) {
  const about = subject === '' ? {} : { subject }
  const ids = { id: 'op-1', account: 'a', cluster: 'emr-1', flow: 7, trace: '1-7-1' }
  return begin({ ...ids, ...about, verb, steps }, 0)
}

test('each change is a flow with a name and with stages, in both languages', () => {
  for (const [verb, subject, en, zh, steps, stages] of [
    [
      'restart',
      'cluster',
      'Restart Service',
      '重启服务',
      ['restart', 'verify'],
      ['restartService', 'endPoint'],
    ],
    [
      'scale-out',
      'core',
      'Scale Out Core',
      '扩容Core',
      ['allocate', 'start'],
      ['applyCvm', 'initializeService'],
    ],
    [
      'scale-in',
      'task',
      'Scale In Task',
      '缩容Task',
      ['drain', 'remove'],
      ['decommission', 'releaseResources'],
    ],
    [
      'resize-up',
      'core.compute',
      'Modify Configuration Core',
      '变配Core',
      ['resize'],
      ['modifyCvm'],
    ],
    ['resize-down', 'cluster', 'Modify Configuration', '变配', ['resize'], ['modifyCvm']],
    ['resize-up', 'task.disk-size', 'Resize Disk Task', '扩容云盘Task', ['resize'], ['resizeDisk']],
    [
      'configure',
      'cluster',
      'Deliver Configuration',
      '配置下发',
      ['configure'],
      ['deliverConfiguration'],
    ],
    ['upgrade', 'cluster', 'Upgrade Cluster', '升级集群', ['upgrade'], ['upgradeService']],
    ['downgrade', 'cluster', 'Downgrade Cluster', '降级集群', ['upgrade'], ['upgradeService']],
  ] as const) {
    const it = operation(verb, subject, steps)
    const shown = viewFlow(it, english)
    assert.equal(shown.FlowName, en)
    assert.equal(viewFlow(it, chinese).FlowName, zh)
    assert.deepEqual(
      shown.StageDetails?.map(({ Stage }) => Stage),
      stages,
    )
    for (const { Name, Stage } of shown.StageDetails ?? []) assert.notEqual(Name, Stage)
  }
})

test('a flow tells the role that it is about, and why it failed', () => {
  const failed = finish(operation('scale-out', 'core', ['allocate', 'start']), 'failed', {
    nowMs: 9000,
    detail: 'undone: no machine is left',
  })
  const shown = viewFlow(failed, english)
  assert.equal(shown.FlowTotalStatus, -1)
  assert.equal(shown.FlowInfo, 'undone: no machine is left')
  assert.equal(shown.StageDetails?.[0]?.FailedReason, 'undone: no machine is left')
  assert.deepEqual(shown.FlowDesc?.[1], { PKey: 'Node Type', PValue: 'Core' })
})
