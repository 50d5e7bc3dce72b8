import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testClient } from '../support/open-engine.ts'
import { PRIMARY, request } from './request.ts'

const KEYS = 40_000
const TIMES = 40

test('of many megabytes that threads read side by side, the row of a key that came last stays', async (t) => {
  const { engine, client } = await testClient(t)
  await client.run(PRIMARY)
  const load = await engine.beginLoad({
    ...request({ label: 'long' }),
    text: { columnSeparator: ',', rowDelimiter: '\n', nullText: '\\N' },
  })
  for (let time = 1; time <= TIMES; time++) {
    const rows = Array.from({ length: KEYS }, (_, key) => `${key},${time},x,${key % 7}`).join('\n')
    await load.writeText(rows, rows.length)
  }
  const { total, loaded } = await load.commit()
  assert.deepEqual([total, loaded], [KEYS * TIMES, KEYS * TIMES])
  assert.deepEqual(await client.rows('SELECT count(*), min(v), max(v), sum(k) FROM t'), [
    [KEYS, TIMES, TIMES, (KEYS * (KEYS - 1)) / 2],
  ])
})
