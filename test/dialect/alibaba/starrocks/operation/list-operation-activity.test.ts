import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startInstance } from '../../../../support/fixture/alibaba-instance.ts'
import { stillClock } from '../../../../support/fixture/money.ts'
import type { Substrate, GroupProblem } from '../../../../../src/substrate/port.ts'

type Row = readonly [name: string, status: string, ended: boolean]

const shown = (data: readonly Record<string, unknown>[]): readonly Row[] =>
  data.map((it) => [
    String(it['Name']),
    String(it['ActivityStatus']),
    typeof it['EndTime'] === 'number',
  ])

test('the steps of an operation appear as they begin, with their times and lasting ids', async (t) => {
  const { cloud, send, history } = await startInstance(t, {
    cloud: { clock: stillClock('2026-03-01T00:00:00Z') },
  })
  const startMs = cloud.clock.now()
  const pacing = cloud.substrates.get('simulation')!.pacing!
  pacing.set('starrocks', 'manual:1000')
  await send('ModifyNodeNumber', { Target: 2 }, 'CN')
  const [{ OperationId }] = await history()
  const activities = async (query = {}) =>
    (await send('ListOperationActivity', { OperationId, ...query })).body
  const first = await activities()
  assert.deepEqual(shown(first.Data), [['Drain', 'RUNNING', false]])
  assert.equal(first.Total, 1)
  const [drain] = first.Data
  assert.match(drain.ActivityId, /^ac-[0-9a-f]{16}$/)
  assert.deepEqual(
    [drain.StartTime, drain.EndTime, drain.ConsoleRetryCount, drain.ErrMessage],
    [startMs, null, 0, ''],
  )
  cloud.clock.advance(5_000)
  pacing.set('starrocks', 'immediate')
  await cloud.settle()
  const done = await activities()
  assert.deepEqual(
    shown(done.Data).map(([name, status]) => `${name} ${status}`),
    ['Drain COMPLETED', 'Remove COMPLETED', 'Verify COMPLETED'],
  )
  assert.equal(done.Data[0].ActivityId, drain.ActivityId)
  assert.equal(done.Data[2].EndTime, startMs + 5_000)
  const ids = done.Data.map((it: { ActivityId: string }) => it.ActivityId)
  assert.equal(new Set(ids).size, 3)
})

test('without an operation, the steps of all of them are listed, the newest operation first', async (t) => {
  const { cloud, send, call } = await startInstance(t)
  await send('ModifyCu', { Target: 16 }, 'CN')
  await cloud.settle()
  const { Data, Total } = (await send('ListOperationActivity')).body
  const names = Data.map((it: { Name: string }) => it.Name)
  assert.deepEqual(names.slice(0, 2), ['Resize', 'Verify'])
  assert.ok(names.length > 2, 'those of the creation follow')
  assert.equal(Total, names.length)
  const none = await send('ListOperationActivity', { OperationId: 'op-0' })
  assert.deepEqual([none.body.Data, none.body.Total], [[], 0])
  const absent = await call('ListOperationActivity', { query: { InstanceId: 'c-0' } })
  assert.deepEqual([absent.body.Data, absent.body.Total], [[], 0])
})

const problem: GroupProblem = {
  kind: 'unplaceable',
  reason: 'too large',
  sinceMs: 0,
  persists: true,
}

/** Refuses whatever is larger than it was. */
function withoutLargeNodes(substrate: Substrate): Substrate {
  let isLarge = false
  const { name, capabilities } = substrate
  return {
    ...substrate,
    name,
    capabilities,
    async apply(wanted) {
      isLarge = wanted.spec.groups.some(({ cpu }) => cpu > 8)
      await substrate.apply(wanted)
    },
    async observe(id) {
      const seen = await substrate.observe(id)
      return isLarge ? { ...seen, groups: seen.groups.map((it) => ({ ...it, problem })) } : seen
    },
  }
}

test('a step that failed says why', async (t) => {
  const { cloud, send, history } = await startInstance(t, {
    cloud: { wrap: { substrate: withoutLargeNodes } },
  })
  await send('ModifyCu', { Target: 16 }, 'CN')
  await cloud.settle()
  const [{ OperationId, OperationStatus }] = await history()
  assert.equal(OperationStatus, 'TERMINATED')
  const { Data } = (await send('ListOperationActivity', { OperationId })).body
  const last = Data.at(-1)
  assert.deepEqual([last.ActivityStatus, last.ErrMessage], ['TERMINATED', 'undone: too large'])
})
