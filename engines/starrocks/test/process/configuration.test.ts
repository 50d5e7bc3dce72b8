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

const store = { endpoint: 'http://127.0.0.1:9000', region: 'r', prefixes: [] }
const bucket = (name: string) => ({ ...store, prefixes: [{ name, rights: ['read' as const] }] })
const wrongPrefixes = [
  'bucket/x',
  'file:///x/',
  'oss://bucket',
  'oss://bucket/../x/',
  'oss://bucket/a/../x/',
  'oss://bucket/./',
  'oss://bucket//x/',
  'oss://bucket/x*/',
  'oss://bucket/%2e/',
  'oss://user@bucket/',
  'oss://bucket:80/',
  'oss://bu..cket/',
]

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
    [{ objectStorage: { ...store, endpoint: 'ftp://x' } }, 'objectStorage'],
    [{ objectStorage: { ...store, secret: 'x' } }, 'objectStorage'],
    ...wrongPrefixes.map((prefix) => [{ objectStorage: bucket(prefix) }, 'objectStorage'] as const),
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

test('a bucket that is new needs a restart; its prefixes, rights and endpoint do not', () => {
  const before = { ...configuration, objectStorage: bucket('oss://bucket-a/x/') }
  refuseFixed(before, { ...before, objectStorage: bucket('cos://bucket-a/y/') })
  refuseFixed(before, { ...before, objectStorage: { ...store, endpoint: 'https://other' } })
  refuseFixed(before, configuration)
  for (const [from, to] of [
    [before, bucket('oss://bucket-b/x/')],
    [configuration, bucket('oss://bucket-a/')],
  ] as const)
    assert.throws(
      () => refuseFixed(from, { ...configuration, objectStorage: to }),
      /objectStorage \(a bucket that is new\) cannot change without a restart/,
    )
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
