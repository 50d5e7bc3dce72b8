import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'

const SOURCE = join(import.meta.dirname, '../../src/cli/idle-memory.ts')

/** How large the heap for new objects is after much that stays, and after it was released. */
const PROGRAM = `
import { getHeapSpaceStatistics } from 'node:v8'
import { releaseIdleMemory } from ${JSON.stringify(SOURCE)}
const kept = []
for (let n = 0; n < 400_000; n++) kept.push({ n, text: 'x' + n })
const size = () => getHeapSpaceStatistics().find((it) => it.space_name === 'new_space').space_size
const before = size()
const released = releaseIdleMemory(1)
setTimeout(() => released.then(() => console.log(JSON.stringify([before, size(), kept.length]))), 50)`

test('what loading made the heap for new objects grow to is released', () => {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ['--input-type=module', '--eval', PROGRAM],
    { encoding: 'utf8' },
  )
  assert.equal(stderr, '')
  const [before, after, kept] = JSON.parse(stdout) as [number, number, number]
  assert.ok(after <= before / 2, `${before} bytes, then ${after}`)
  assert.equal(kept, 400_000)
})
