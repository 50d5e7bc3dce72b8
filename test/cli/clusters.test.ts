import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ClusterRow } from '../../src/admin/cluster.ts'
import { changes, drawn } from '../../src/cli/clusters.ts'
import { widthOf } from '../../src/cli/connect/cell.ts'
import { terminal } from '../../src/cli/terminal.ts'

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

const endpoints = [{ name: 'mysql', host: '127.77.244.131', port: 9030 }]
const screenOf = (columns: number) => {
  const stream = { isTTY: true, columns, write: () => true } as unknown as NodeJS.WriteStream
  return terminal(stream, { NO_COLOR: '1' })
}
const nowMs = Date.parse('2026-01-04T04:00:00.000Z')
const wide: readonly ClusterRow[] = [
  row('c-d95c2462f01a7b33', {
    name: '一个名字很长很长的集群用于测试显示宽度的实例',
    product: 'starrocks',
    family: 'starrocks',
    region: 'cn-hangzhou-finance',
    state: 'running',
    endpoints,
  }),
  row('c-76a73de60b11c2d4', {
    name: 'nightly-regression-of-the-loading-pipeline-with-a-name-of-sixty',
    product: 'starrocks',
    family: 'starrocks',
    region: 'cn-shanghai',
    state: 'impaired',
    reason: 'the engine does not answer its health check; it is ended and started again',
  }),
  row('emr-0a1b2c3d', { product: 'emr', family: 'hadoop', region: 'ap-guangzhou', name: 'b' }),
]

test('in every terminal from 60 to 200 columns ids and addresses stay whole and lines fit', () => {
  for (const clusters of [wide, wide.slice(0, 1), wide.slice(2)]) {
    for (let columns = 60; columns <= 200; columns++) {
      const lines = drawn({ clusters, total: clusters.length, nowMs }, screenOf(columns))
      for (const line of lines) assert.ok(widthOf(line) <= columns, `${columns}: ${line}`)
      const text = lines.join('\n')
      for (const { id, endpoints: shown } of clusters) {
        assert.match(text, new RegExp(`^${id}( |$)`, 'm'), `${columns}: ${id} is cut`)
        if (shown.length > 0) assert.match(text, / mysql 127\.77\.244\.131:9030( |$)/m)
      }
    }
  }
})

test('ages leave a narrow terminal first, then substrates, then regions; a wide one shows all', () => {
  const titlesAt = (columns: number) =>
    drawn({ clusters: wide.slice(0, 1), total: 1, nowMs }, screenOf(columns))[0]
      ?.split(/ +/)
      .filter((title) => ['SINCE', 'SUBSTRATE', 'REGION', 'PRODUCT'].includes(title))
      .join()
  const seen = Array.from({ length: 141 }, (_, at) => titlesAt(200 - at))
  assert.deepEqual(
    [...new Set(seen)],
    ['PRODUCT,REGION,SINCE,SUBSTRATE', 'PRODUCT,REGION,SUBSTRATE', 'PRODUCT,REGION', 'PRODUCT', ''],
  )
})

test('where not even what is copied fits, a row has several lines', () => {
  const lines = drawn({ clusters: wide.slice(0, 1), total: 1, nowMs }, screenOf(30))
  assert.ok(lines.some((line) => line.startsWith('c-d95c2462f01a7b33')))
  assert.ok(
    lines.some((line) => line.startsWith('  mysql 127.77.244.131:9030')),
    lines.join('\n'),
  )
  for (const line of lines) assert.ok(widthOf(line) <= 30)
})

test('a cluster that answers no SQL shows where it is reached by its own protocol', () => {
  const host = 'emr-kafka-bootstrap.emrys-emr-0a1b2c3d.svc'
  const kafka = row('emr-0a1b2c3d', {
    product: 'emr',
    family: 'kafka',
    state: 'running',
    endpoints: [{ name: 'kafka', host, port: 9092 }],
  })
  const [, line = ''] = drawn({ clusters: [kafka], total: 1, nowMs }, screenOf(200))
  assert.match(line, /kafka emr-kafka-bootstrap\.emrys-emr-0a1b2c3d\.svc:9092/)
})
