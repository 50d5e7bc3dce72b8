import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  findingsOf,
  isOpen,
  nextInspectionMs,
  type Inspection,
} from '../../src/domain/inspection.ts'
import { sampleCluster } from '../support/fixture/sample.ts'

const base: Inspection = {
  id: 'inspection-1',
  number: 1,
  account: 'a',
  cluster: 'c',
  tasks: [{ name: 'n', check: 'nodes' }],
  createdMs: 0,
  seenMs: 0,
  reports: [],
}
const daily = {
  every: 'day',
  interval: 1,
  days: [],
  from: { year: 1970, month: 1, day: 1 },
  time: { hour: 1, minute: 0, second: 0 },
  offsetMs: 0,
} as const
const HOUR = 3_600_000

test('one that repeats is due at its times, within its bounds, and while it has tasks', () => {
  assert.equal(nextInspectionMs({ ...base, at: daily }), HOUR)
  assert.equal(nextInspectionMs({ ...base, at: daily, seenMs: HOUR }), 25 * HOUR)
  assert.equal(nextInspectionMs({ ...base, at: daily, fromMs: 2 * HOUR }), 25 * HOUR)
  assert.equal(nextInspectionMs({ ...base, at: daily, seenMs: HOUR, untilMs: 2 * HOUR }), undefined)
  assert.equal(nextInspectionMs({ ...base, at: daily, tasks: [] }), undefined)
  assert.equal(nextInspectionMs(base), undefined)
  assert.ok(isOpen({ ...base, reports: [{ number: 1, atMs: 0 }] }))
  assert.ok(!isOpen({ ...base, reports: [{ number: 1, atMs: 0, findings: [] }] }))
})

test('nodes that do not serve, daemons that do not run and strategies that failed are bad; what nobody measures is unknown', () => {
  const cluster = sampleCluster()
  const [group] = cluster.spec.groups
  const [node] = group?.nodes ?? []
  const daemons = [{ service: 'S', name: 'D', roles: [group?.role ?? ''] }]
  const state = (ready: boolean, of: 'running' | 'failed') => ({
    ...cluster,
    spec: { ...cluster.spec, groups: [{ ...group!, nodes: [node!] }], daemons },
    status: {
      ...cluster.status,
      nodes: {
        [node!.id]: {
          address: '',
          ready,
          daemons: [{ service: 'S', name: 'D', state: of, sinceMs: 0 }],
        },
      },
    },
  })
  const tasks = (['nodes', 'daemons', 'strategies', 'unmeasured'] as const).map((check) => {
    return { name: check, check }
  })
  const outcomes = (ready: boolean, of: 'running' | 'failed') =>
    findingsOf(tasks, { cluster: state(ready, of), failed: [] }).map(({ outcome }) => outcome)
  assert.deepEqual(outcomes(true, 'running'), ['good', 'good', 'good', 'unknown'])
  assert.deepEqual(outcomes(false, 'failed'), ['bad', 'bad', 'good', 'unknown'])
  const cause = { strategy: 'nightly', measure: 'node', amount: 1 } as const
  const failed = [{ detail: 'no stock', cause }] as never
  const [, , strategies] = findingsOf(tasks, { cluster: state(true, 'running'), failed })
  assert.deepEqual(strategies?.details, ['nightly: no stock'])
})
