/** The pages of docs/compatibility name the test that holds each decision; a test that was moved or removed is found here. */
import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { test } from 'node:test'

const ROOT = resolve(import.meta.dirname, '../..')

test('every decision of the compatibility pages names tests that are there', () => {
  const named = globSync(join(ROOT, 'docs/compatibility/*.md')).flatMap((page) =>
    testsNamed(readFileSync(page, 'utf8')),
  )
  assert.ok(named.length > 100, `only ${named.length} decisions were found`)
  for (const { topic, tests } of named)
    for (const name of tests)
      assert.ok(isThere(name), `"${topic}" names test/${name}, which is not there`)
})

interface Decision {
  readonly topic: string
  readonly tests: readonly string[]
}

/** The rows of the tables whose last column is headed "Test". */
function testsNamed(page: string): readonly Decision[] {
  const decisions: Decision[] = []
  let inside = false
  for (const line of page.split('\n')) {
    const cells = line.split('|').map((cell) => cell.trim())
    const last = cells.at(-2)
    if (!line.startsWith('|') || last === undefined) inside = false
    else if (last === 'Test') inside = true
    else if (inside && !/^-+$/.test(last))
      decisions.push({ topic: cells[1]!, tests: last.split(', ') })
  }
  return decisions
}

function isThere(name: string): boolean {
  return ['.test.ts', '.ts'].some((ending) => existsSync(join(ROOT, 'test', name + ending)))
}
