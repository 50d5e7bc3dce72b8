import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withWorkload, type Workload } from '../../../src/domain/cluster/workload.ts'

const DAY_MS = 86_400_000
const seen = (more: Partial<Workload> = {}): Workload => ({
  sinceMs: 1,
  slowStatements: 0,
  slowestMs: 0,
  slowest: '',
  failedLoads: 0,
  failedTable: '',
  ...more,
})

test('an engine that says the same as before writes nothing', () => {
  const first = withWorkload(undefined, seen(), 5)
  assert.deepEqual(first, { last: seen(), days: [] })
  assert.equal(withWorkload(first, seen(), DAY_MS * 3), first)
})

test('what is counted is of the day on which it was seen, and the slowest of a day stays', () => {
  const slow = seen({ slowStatements: 2, slowestMs: 9_000, slowest: 'SELECT sleep(?)' })
  let record = withWorkload(withWorkload(undefined, seen(), 0), slow, 10)
  record = withWorkload(record, { ...slow, failedLoads: 3, failedTable: 'd.t' }, DAY_MS + 10)
  assert.deepEqual(record.days, [
    {
      date: '1970-01-01',
      atMs: 10,
      slowStatements: 2,
      slowestMs: 9_000,
      slowest: 'SELECT sleep(?)',
      failedLoads: 0,
      failedTable: '',
    },
    {
      date: '1970-01-02',
      atMs: DAY_MS + 10,
      slowStatements: 0,
      slowestMs: 0,
      slowest: '',
      failedLoads: 3,
      failedTable: 'd.t',
    },
  ])
})

test('an engine that was restarted counts from nothing, and what it counts is added', () => {
  const one = seen({ slowStatements: 5, slowestMs: 9_000, slowest: 'a' })
  const other = seen({ sinceMs: 2, slowStatements: 1, slowestMs: 6_000, slowest: 'b' })
  const record = withWorkload(withWorkload(undefined, one, 0), other, 1)
  const [day] = record.days
  assert.deepEqual([day?.slowStatements, day?.slowestMs, day?.slowest], [6, 9_000, 'a'])
})

test('a month of days is kept', () => {
  let record = withWorkload(undefined, seen(), 0)
  for (let day = 0; day < 40; day++)
    record = withWorkload(record, seen({ failedLoads: day + 1 }), day * DAY_MS)
  assert.deepEqual([record.days.length, record.days[0]?.date], [31, '1970-01-10'])
})
