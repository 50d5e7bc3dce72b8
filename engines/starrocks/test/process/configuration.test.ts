import assert from 'node:assert/strict'
import { chmodSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import {
  ConfigurationError,
  readConfiguration,
  refuseFixed,
} from '../../src/process/configuration.ts'
import { controlPath } from '../../src/process/control.ts'
import { configuration, engineDirectory } from '../support/engine-process.ts'

test('a verifier that others can read, or that is none, is refused', (t) => {
  const directory = engineDirectory(t)
  const file = join(directory, 'admin-verifier')
  assert.equal(readConfiguration(directory).adminVerifier.length, 0)
  writeFileSync(file, `${'ab'.repeat(20)}\n`)
  assert.equal(readConfiguration(directory).adminVerifier.length, 20)
  chmodSync(file, 0o640)
  assert.throws(() => readConfiguration(directory), /0600/)
  chmodSync(file, 0o600)
  writeFileSync(file, 'ab')
  assert.throws(() => readConfiguration(directory), /no verifier/)
  rmSync(file)
  assert.throws(() => readConfiguration(directory), /missing/)
})

test('unknown and wrong members are refused by name', (t) => {
  const directory = engineDirectory(t)
  for (const [wrong, name] of [
    [{ memoryBytes: 1 }, 'memoryBytes'],
    [{ queryPort: 70_000 }, 'queryPort'],
    [{ logLevel: 'loud' }, 'logLevel'],
    [{ nodes: [{ name: 'x' }] }, 'nodes'],
  ] as const) {
    writeFileSync(join(directory, 'engine.json'), JSON.stringify({ ...configuration, ...wrong }))
    assert.throws(
      () => readConfiguration(directory),
      (error: unknown) => error instanceof ConfigurationError && error.message.includes(name),
      name,
    )
  }
  writeFileSync(join(directory, 'engine.json'), JSON.stringify({ ...configuration, extra: 1 }))
  assert.throws(() => readConfiguration(directory), ConfigurationError)
})

test('what is fixed cannot change while an engine runs, what is not can', () => {
  const after = { ...configuration, threads: 8, memoryBytes: 1 << 30, version: '9', nodes: [] }
  refuseFixed(configuration, after)
  assert.throws(
    () => refuseFixed(configuration, { ...after, host: '127.0.0.2', advertisedHost: 'x' }),
    /host, advertisedHost cannot change/,
  )
})

test('a directory whose socket would have too long a path is refused', () => {
  assert.throws(() => controlPath(`/tmp/${'x'.repeat(100)}`), /too long for a unix socket/)
})
