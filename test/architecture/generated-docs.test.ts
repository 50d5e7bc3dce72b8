import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { test } from 'node:test'
import { generatedDocs } from '../../scripts/docs/generated.ts'

const folder = join(resolve(import.meta.dirname, '../..'), 'docs', 'generated')

test('the generated pages are those that `npm run docs` would write now', () => {
  const pages = generatedDocs()
  assert.ok(pages.size >= 4)
  for (const [name, text] of pages)
    assert.ok(
      readFileSync(join(folder, name), 'utf8') === text,
      `${name} is old; run \`npm run docs\``,
    )
  for (const name of pages.keys()) assert.ok(readdirSync(folder).includes(name))
})
