import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'

const SOURCE = join(import.meta.dirname, '../../src/cli/young-generation.ts')

/** How large the heap for new objects is after objects of which every tenth lived for a while, bounded or not. */
const PROGRAM = `
import { getHeapSpaceStatistics } from 'node:v8'
import { boundYoungGeneration } from ${JSON.stringify(SOURCE)}
if (process.argv[1] === 'bounded') boundYoungGeneration()
const kept = []
for (let turn = 0; turn < 200; turn++) {
  for (let n = 0; n < 20_000; n++) {
    const made = { n, text: 'x' + n }
    if (n % 10 === 0) kept.push(made)
  }
  if (kept.length > 60_000) kept.splice(0, 30_000)
  await new Promise(setImmediate)
}
console.log(getHeapSpaceStatistics().find((it) => it.space_name === 'new_space').space_size)`

function megabytes(...how: readonly string[]): number {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ['--input-type=module', '--eval', PROGRAM, ...how],
    { encoding: 'utf8' },
  )
  assert.equal(stderr, '')
  return Number(stdout) / 1024 / 1024
}

test('the heap for new objects stays small where all but a little of it is garbage', () => {
  const [bounded, own] = [megabytes('bounded'), megabytes('own')]
  assert.ok(bounded <= 8, `${bounded} MiB`)
  assert.ok(own >= 2 * bounded, `${own} MiB without the bound, ${bounded} with it`)
})
