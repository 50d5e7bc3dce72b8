import assert from 'node:assert/strict'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { readingOf, valueOf } from '../../src/console/reading.ts'
import { openSamples } from '../../src/console/sample-file.ts'
import { startInstance } from '../support/fixture/alibaba-instance.ts'
import { consoleBrowser } from '../support/http/console.ts'
import { temporaryDirectory } from '../support/process/directory.ts'

const MINUTE = 60_000

test('a reading is the sum over processes, and what two ports of one say counts once', () => {
  const text = [
    '# TYPE process_cpu_seconds_total counter',
    'process_cpu_seconds_total{role="NameNode",node="a"} 2.5',
    'process_cpu_seconds_total{role="NameNode",node="a"} 2.5',
    'process_cpu_seconds_total{role="DataNode",node="b"} 1',
    'starrocks_be_streaming_load_bytes 5',
    'starrocks_be_transaction_streaming_load_bytes 7',
    'yarn_memory_allocated_mib 2',
    'hdfs_used_bytes NaN',
    'strange line',
  ].join('\n')
  assert.deepEqual(
    [...readingOf(text)],
    [
      ['cpu', 3.5],
      ['loaded', 12],
      ['yarn', 2 * 1024 ** 2],
    ],
  )
})

test('what only grows is shown by the second; a process that began again leaves a hole', () => {
  assert.equal(valueOf('queries', 30, { value: 10, seconds: 10 }), 2)
  assert.equal(valueOf('queries', 30, undefined), undefined)
  assert.equal(valueOf('queries', 3, { value: 10, seconds: 10 }), undefined)
  assert.equal(valueOf('memory', 3, undefined), 3)
})

test('samples of eight days are an hour of minutes, a day of ten and a week of hours, by their averages, and no more', (t) => {
  const file = openSamples(join(temporaryDirectory(t), 'samples.db'))
  t.after(() => file.close())
  const days = 8 * 24 * 60
  const fromMs = 1_700_000_000_000 - (1_700_000_000_000 % 3_600_000)
  for (let at = 0; at <= days; at++)
    file.add(fromMs + at * MINUTE, [{ cluster: 'c-1', figure: 'cpu', value: at }])
  const nowMs = fromMs + days * MINUTE
  const hour = file.read('c-1', 'hour', nowMs)
  assert.equal(hour.length, 61)
  assert.deepEqual(hour.at(-1), { figure: 'cpu', atMs: nowMs, value: days })
  const day = file.read('c-1', 'day', nowMs)
  assert.equal(day.length, 145)
  assert.deepEqual(day[0]?.value, days - 24 * 60 + 4.5)
  const week = file.read('c-1', 'week', nowMs)
  assert.equal(week.length, 169)
  assert.deepEqual(week[0]?.value, days - 7 * 24 * 60 + 29.5)
  assert.deepEqual(file.read('c-2', 'week', nowMs), [])
  assert.equal(file.rows, 61 + 145 + 169)
})

test('a file that is damaged is recreated', (t) => {
  const path = join(temporaryDirectory(t), 'samples.db')
  writeFileSync(path, 'no database at all, '.repeat(500))
  const file = openSamples(path)
  t.after(() => file.close())
  file.add(0, [{ cluster: 'c-1', figure: 'cpu', value: 1 }])
  assert.equal(file.rows, 3)
})

test('of a simulated cluster nothing is reported, and no file is made', async (t) => {
  const { cloud, id } = await startInstance(t)
  const browser = consoleBrowser(cloud.port)
  assert.equal((await browser.ask(`/api/clusters/${id}/plots`)).status, 401)
  await browser.signIn()
  const { status, body } = await browser.ask(`/api/clusters/${id}/plots?over=week`)
  assert.equal(status, 200)
  assert.deepEqual([body.reports, body.plots], [false, []])
  assert.equal(body.toMs - body.fromMs, 7 * 24 * 3_600_000)
  assert.equal((await browser.ask(`/api/clusters/${id}/plots?over=year`)).status, 400)
  assert.equal((await browser.ask('/api/clusters/c-none/plots')).status, 404)
  assert.ok(!existsSync(join(cloud.dataDir, 'samples.db')))
})
