/** Every action that EMR declares is called by a scenario with the vendor's own Python SDK (`npm run test:clients`). */
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { test } from 'node:test'
import { knownActions } from '../../src/dialect/tencent/wire/known-actions.ts'

const CLIENTS = join(resolve(import.meta.dirname, '../..'), 'test', 'client', 'python')

test('no declared action of EMR is missing in the scenarios', () => {
  const files = globSync('{tencent,terraform-tencent}*.py', { cwd: CLIENTS })
  const text = files.map((file) => readFileSync(join(CLIENTS, file), 'utf8')).join('\n')
  const named = new Set([...text.matchAll(/"([A-Z]\w+)"/g)].map(([, name]) => name))
  const missing = [...knownActions].filter((name) => !named.has(name))
  assert.deepEqual(missing, [])
})
