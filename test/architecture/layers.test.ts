/** Imports point down. The table is the architecture (ARCHITECTURE.md, code map); a new arrow in it needs a decision record. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sourceFiles } from './source.ts'

const MAY_IMPORT: Readonly<Record<string, readonly string[] | 'all'>> = {
  kernel: [],
  shape: ['kernel'],
  domain: ['kernel'],
  store: ['kernel', 'domain'],
  substrate: ['kernel', 'domain', 'engine'],
  engine: ['kernel'],
  app: ['kernel', 'domain', 'store'],
  key: ['kernel', 'domain', 'store', 'app'],
  probe: ['kernel', 'domain', 'app'],
  reconcile: ['kernel', 'domain', 'store', 'substrate'],
  gateway: ['kernel', 'shape', 'domain', 'app'],
  dialect: ['kernel', 'shape', 'domain', 'app', 'gateway'],
  admin: ['kernel', 'shape', 'domain', 'app', 'store', 'gateway', 'substrate'],
  cli: 'all',
}

/** Drivers behind ports, which only the composition root (and its helpers in the command) may name. */
const DRIVERS = ['store/sqlite/', 'substrate/simulation/', 'substrate/local/', 'key/', 'probe/']

const files = sourceFiles('src')

test('imports point only downwards', () => {
  const wrong: string[] = []
  let seen = 0
  for (const file of files) {
    const [folder = ''] = file.path.split('/')
    if (!file.path.includes('/')) continue // main.ts, config.ts, limits.ts
    const allowed = MAY_IMPORT[folder]
    if (allowed === undefined)
      wrong.push(`${file.path} lies in a folder that the table does not know`)
    for (const target of file.imports) {
      seen++
      const [to = ''] = target.split('/')
      if (to === folder || target === 'limits.ts' || allowed === 'all') continue
      if (!allowed?.includes(to)) wrong.push(`${file.path} imports ${target}`)
    }
  }
  assert.deepEqual(wrong, [])
  assert.ok(seen > 100, `saw only ${seen} imports`)
})

test('a dialect never imports the other one, and the core never a dialect', () => {
  const wrong = files.flatMap((file) => {
    const [folder, name] = file.path.split('/')
    return file.imports
      .filter((target) => target.startsWith('dialect/'))
      .filter(() => file.path.includes('/') && folder !== 'cli' && folder !== 'admin')
      .filter((target) => folder !== 'dialect' || target.split('/')[1] !== name)
      .map((target) => `${file.path} imports ${target}`)
  })
  assert.deepEqual(wrong, [])
})

test('drivers are named by the composition root only', () => {
  const wrong = files.flatMap((file) =>
    file.imports
      .filter((target) =>
        DRIVERS.some((driver) => target.startsWith(driver) && !file.path.startsWith(driver)),
      )
      .filter(
        () =>
          !['main.ts', 'core.ts', 'outside.ts', 'config.ts', 'setting.ts'].includes(file.path) &&
          !file.path.startsWith('cli/'),
      )
      .map((target) => `${file.path} imports ${target}`),
  )
  assert.deepEqual(wrong, [])
})
