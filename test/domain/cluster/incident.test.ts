import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  endIncidents,
  incidentKinds,
  nextPlanned,
  planRestart,
  withIncident,
  type Incidents,
} from '../../../src/domain/cluster/incident.ts'
import { advance, answerIncidents, recordIncident } from '../../../src/domain/cluster/cluster.ts'
import { sampleCluster } from '../../support/fixture/sample.ts'

const ended = (atMs: number, node = 'n') =>
  ({ kind: 'node-ended', node, reason: 'it ended', atMs }) as const

test('what is reported again is one incident, with one id, and nothing is new', () => {
  const once = withIncident(undefined, 'c-1', ended(5))
  assert.equal(withIncident(once, 'c-1', ended(5)), once)
  assert.match(once?.[0]?.id ?? '', /^e-[0-9a-f]{16}$/)
  const others = [ended(6), ended(5, 'm'), { ...ended(5), kind: 'node-unresponsive' } as const]
  const all = others.reduce<Incidents>((was, it) => withIncident(was, 'c-1', it), once)
  assert.equal(new Set(all?.map(({ id }) => id)).size, 4)
  assert.notEqual(withIncident(undefined, 'c-2', ended(5))?.[0]?.id, once?.[0]?.id)
})

test('the latest hundred are kept, and what a restart was promised for', () => {
  const planned = { atMs: 9_999, by: 'root/a' }
  let all = withIncident(undefined, 'c-1', ended(0))
  const first = all?.[0]?.id ?? ''
  all = planRestart(all, first, planned)
  for (let atMs = 1; atMs <= 150; atMs++) all = withIncident(all, 'c-1', ended(atMs))
  assert.equal(all?.length, 100)
  assert.deepEqual([all?.[0]?.atMs, all?.[1]?.atMs, all?.at(-1)?.atMs], [0, 52, 150])
  assert.equal(nextPlanned(all)?.id, first)
  // Reported again, after it was dropped: it is not new.
  assert.equal(withIncident(all, 'c-1', ended(3)), all)
  assert.ok((all?.find(({ atMs }) => atMs === 60)?.reason.length ?? 0) <= 300)
})

test('the restart that comes first is the next, and goes with the end of its incident', () => {
  let all = [ended(1), ended(2), ended(3)].reduce<Incidents>(
    (was, it) => withIncident(was, 'c-1', it),
    undefined,
  )
  const [a = '', b = ''] = (all ?? []).map(({ id }) => id)
  assert.equal(nextPlanned(all), undefined)
  all = planRestart(all, a, { atMs: 20, by: 'x' })
  all = planRestart(all, b, { atMs: 10, by: 'y' })
  assert.equal(nextPlanned(all)?.id, b)
  assert.equal(nextPlanned(planRestart(all, b, undefined))?.id, a)
  const over = endIncidents(all, ({ atMs }) => atMs <= 2, 50)
  assert.deepEqual(
    over?.map(({ endedMs, restart }) => [endedMs, restart]),
    [
      [50, undefined],
      [50, undefined],
      [undefined, undefined],
    ],
  )
  assert.equal(
    endIncidents(over, ({ atMs }) => atMs <= 2, 60),
    over,
    'what is over stays as it ended',
  )
})

test('a cluster that does not serve has an incident until it serves again', () => {
  const running = sampleCluster({ status: { state: 'running' } })
  const impaired = advance(running, 'impair', { nowMs: 5, reason: '1 of 2 nodes do not serve' })
  const [incident] = impaired.status.incidents ?? []
  assert.deepEqual(
    [incident?.kind, incident?.reason, incident?.atMs, incident?.endedMs],
    ['impaired', '1 of 2 nodes do not serve', 5, undefined],
  )
  const recovered = advance(impaired, 'recover', { nowMs: 9 })
  assert.equal(recovered.status.incidents?.[0]?.endedMs, 9)
  assert.equal('incidents' in advance(running, 'change', { nowMs: 5 }).status, false)
})

test('one that was stopped has new processes when it is back: nothing of before is open', () => {
  const was = recordIncident(sampleCluster({ status: { state: 'running' } }), ended(1))
  const stopped = advance(was, 'suspend', { nowMs: 2, reason: 'in arrears' })
  assert.deepEqual(
    stopped.status.incidents?.map(({ kind }) => kind),
    ['node-ended', 'stopped'],
  )
  const back = advance(advance(stopped, 'resume', { nowMs: 3 }), 'resumed', { nowMs: 4 })
  assert.deepEqual(
    back.status.incidents?.map(({ endedMs }) => endedMs),
    [4, 4],
  )
})

test('a restart answers what happened to its nodes before it began, and of the whole only when it is whole', () => {
  const nodes = sampleCluster().spec.groups.flatMap((group) => group.nodes.map(({ id }) => id))
  const [one = '', other = ''] = nodes
  const { node: _node, ...whole } = ended(1)
  const was = [ended(1, one), ended(1, other), ended(9, one), whole].reduce(
    recordIncident,
    sampleCluster({ status: { state: 'running' } }),
  )
  const open = (chosen: readonly string[]) =>
    answerIncidents(was, new Set(chosen), { begunMs: 5, nowMs: 6 }).status.incidents?.flatMap(
      ({ node = 'all', atMs, endedMs }) => (endedMs === undefined ? [`${node} ${atMs}`] : []),
    )
  assert.deepEqual(open([one])?.toSorted(), ['all 1', `${other} 1`, `${one} 9`].toSorted())
  assert.deepEqual(open(nodes), [`${one} 9`])
  assert.equal(incidentKinds.length, 7)
})
