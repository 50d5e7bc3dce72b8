import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withEngines } from '../../src/admin/engine-metric.ts'

const OWN = `# HELP process_resident_memory_bytes Resident memory of the server.
# TYPE process_resident_memory_bytes gauge
process_resident_memory_bytes 100
`

const ENGINE = `# HELP process_resident_memory_bytes Resident memory of the process
# TYPE process_resident_memory_bytes gauge
process_resident_memory_bytes 7

# HELP query_seconds Time.
# TYPE query_seconds histogram
query_seconds_bucket{le="1",kind="a,b"} 3
query_seconds_bucket{le="+Inf",kind="a,b"} 4
query_seconds_sum 5.5
query_seconds_count 4 1767323045000
`

test('a family is declared once, with the samples of every engine under its own label', () => {
  const page = withEngines(
    OWN,
    new Map([
      ['c-1', ENGINE],
      ['c-2', ENGINE],
    ]),
  )
  assert.equal(page.match(/^# TYPE process_resident_memory_bytes gauge$/gm)?.length, 1)
  assert.match(
    page,
    /gauge\nprocess_resident_memory_bytes 100\nprocess_resident_memory_bytes\{cluster="c-1"\} 7\nprocess_resident_memory_bytes\{cluster="c-2"\} 7\n/,
  )
  assert.match(page, /^query_seconds_bucket\{cluster="c-2",le="\+Inf",kind="a,b"\} 4$/m)
  assert.match(page, /^query_seconds_count\{cluster="c-1"\} 4$/m)
  assert.equal(page.match(/^# TYPE query_seconds histogram$/gm)?.length, 1)
})

test('an engine that did not answer is reported as down, and nothing else of it', () => {
  const page = withEngines(
    OWN,
    new Map([
      ['c-1', ''],
      ['c-2', 'x 1\n'],
    ]),
  )
  assert.match(page, /^emrys_engine_up\{cluster="c-1"\} 0\nemrys_engine_up\{cluster="c-2"\} 1$/m)
})

test('without engines the page is the own one', () => {
  assert.equal(withEngines(OWN, new Map()), OWN)
})

test('a series that an engine reports twice appears once, and lines of no known form not at all', () => {
  const page = withEngines('', new Map([['c-1', 'a 1\na 2\n<html>\nb{x="1"} 3\n']]))
  assert.deepEqual(
    page.split('\n').filter((line) => /^(a|b|<)/.test(line)),
    ['a{cluster="c-1"} 1', 'b{cluster="c-1",x="1"} 3'],
  )
})
