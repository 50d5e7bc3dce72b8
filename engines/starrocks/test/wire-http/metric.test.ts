import assert from 'node:assert/strict'
import { test } from 'node:test'
import { metrics } from '../../src/wire-http/metric.ts'

const figures = {
  connections: 3,
  sessions: 4,
  running: 1,
  statements: 9,
  usedBytes: 4096,
  storageBytes: 1_048_576,
  tables: 7,
}

/** Without those of the process, which change by themselves; they stand last. */
const lasting = (text: string) => text.slice(0, text.indexOf('# HELP process_')).split('\n')

test('loads that came before anybody asked are on the page, and those after it', async () => {
  const { stream, transaction, back } = metrics(async () => figures)
  stream.began()
  stream.began()
  stream.ended({ bytes: 18, ms: 5 })
  const first = await back()
  assert.equal(first.type, 'text/plain; version=0.0.4; charset=utf-8')
  assert.deepEqual(lasting(first.text), [
    '# HELP starrocks_be_streaming_load_requests_total Stream Load requests',
    '# TYPE starrocks_be_streaming_load_requests_total counter',
    'starrocks_be_streaming_load_requests_total 1',
    '',
    '# HELP starrocks_be_streaming_load_bytes Stream Load bytes',
    '# TYPE starrocks_be_streaming_load_bytes counter',
    'starrocks_be_streaming_load_bytes 18',
    '',
    '# HELP starrocks_be_streaming_load_duration_ms Stream Load time in ms',
    '# TYPE starrocks_be_streaming_load_duration_ms counter',
    'starrocks_be_streaming_load_duration_ms 5',
    '',
    '# HELP starrocks_be_streaming_load_current_processing Stream Load requests that run now',
    '# TYPE starrocks_be_streaming_load_current_processing gauge',
    'starrocks_be_streaming_load_current_processing 1',
    '',
    '# HELP starrocks_be_transaction_streaming_load_requests_total Transaction Stream Load requests',
    '# TYPE starrocks_be_transaction_streaming_load_requests_total counter',
    'starrocks_be_transaction_streaming_load_requests_total 0',
    '',
    '# HELP starrocks_be_transaction_streaming_load_bytes Transaction Stream Load bytes',
    '# TYPE starrocks_be_transaction_streaming_load_bytes counter',
    'starrocks_be_transaction_streaming_load_bytes 0',
    '',
    '# HELP starrocks_be_transaction_streaming_load_duration_ms Transaction Stream Load time in ms',
    '# TYPE starrocks_be_transaction_streaming_load_duration_ms counter',
    'starrocks_be_transaction_streaming_load_duration_ms 0',
    '',
    '# HELP starrocks_be_transaction_streaming_load_current_processing Transaction Stream Load requests that run now',
    '# TYPE starrocks_be_transaction_streaming_load_current_processing gauge',
    'starrocks_be_transaction_streaming_load_current_processing 0',
    '',
    '# HELP starrocks_be_disks_data_used_capacity Bytes of data on disk',
    '# TYPE starrocks_be_disks_data_used_capacity gauge',
    'starrocks_be_disks_data_used_capacity 4096',
    '',
    '# HELP starrocks_be_disks_total_capacity Bytes that the instance may hold',
    '# TYPE starrocks_be_disks_total_capacity gauge',
    'starrocks_be_disks_total_capacity 1048576',
    '',
    '',
  ])
  stream.ended({ bytes: 2, ms: 1 })
  transaction.began()
  transaction.ended({ bytes: 7, ms: 3 })
  const { text } = await back()
  assert.match(text, /^starrocks_be_streaming_load_requests_total 2$/m)
  assert.match(text, /^starrocks_be_streaming_load_bytes 20$/m)
  assert.match(text, /^starrocks_be_streaming_load_current_processing 0$/m)
  assert.match(text, /^starrocks_be_transaction_streaming_load_duration_ms 3$/m)
})

test('the front end shows the figures of the moment it is asked', async () => {
  let now = figures
  const { front } = metrics(async () => now)
  assert.match((await front()).text, /^starrocks_fe_connection_total 3$/m)
  now = { ...figures, connections: 5, statements: 12 }
  const { text } = await front()
  assert.match(text, /^starrocks_fe_connection_total 5$/m)
  assert.match(text, /^starrocks_fe_query_total 12$/m)
  assert.match(text, /^process_resident_memory_bytes \d+$/m)
  assert.match(text, /^process_cpu_seconds_total [\d.]+$/m)
})
