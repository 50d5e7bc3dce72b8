import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ClusterRow } from '../../src/admin/cluster.ts'
import { changes } from '../../src/cli/clusters.ts'

const row = (id: string, more: Partial<ClusterRow> = {}): ClusterRow => ({
  id,
  name: id,
  product: 'p',
  family: 'f',
  version: '1',
  account: 'a',
  region: 'r',
  state: 'creating',
  reason: '',
  since: '2026-01-01T00:00:00.000Z',
  created: '2026-01-01T00:00:00.000Z',
  substrate: 'simulation',
  nodes: 3,
  nodesReady: 0,
  endpoints: [],
  ...more,
})
const map = (...rows: readonly ClusterRow[]) => new Map(rows.map((each) => [each.id, each]))
const reported = (all: ReturnType<typeof changes>) =>
  all.map(({ was, is }) => `${was?.state ?? '-'}>${is?.state ?? '-'} ${(is ?? was)?.id}`)

test('the first poll prints every cluster, oldest first', () => {
  assert.deepEqual(reported(changes(undefined, map(row('new'), row('old')))), [
    '->creating old',
    '->creating new',
  ])
})

test('later polls print what appeared, what changed and what is gone, and nothing else', () => {
  const before = map(row('same'), row('moved'), row('gone', { state: 'deleting' }))
  const now = map(row('fresh'), row('same'), row('moved', { state: 'running', nodesReady: 3 }))
  assert.deepEqual(reported(changes(before, now)), [
    'creating>running moved',
    '->creating fresh',
    'deleting>- gone',
  ])
  assert.deepEqual(changes(now, now), [])
})
