import assert from 'node:assert/strict'
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { openDataDirectory } from '../../src/store/data-directory.ts'
import { temporaryDirectory } from '../support/process/directory.ts'

function opened(path: string): Uint8Array {
  const directory = openDataDirectory(path)
  directory.release()
  return directory.key
}

test('a key is made once, for its owner alone, and found again', (t) => {
  const path = temporaryDirectory(t)
  const key = opened(path)
  assert.equal(key.length, 32)
  assert.deepEqual(opened(path), key)
  assert.equal(statSync(join(path, 'key')).mode & 0o777, 0o600)
  assert.equal(statSync(join(path, 'key-check')).mode & 0o777, 0o600)
})

test('nothing in the directory but the key file holds the key', (t) => {
  const path = temporaryDirectory(t)
  const key = Buffer.from(opened(path))
  for (const name of readdirSync(path).filter((each) => each !== 'key')) {
    const bytes = readFileSync(join(path, name))
    assert.ok(!bytes.includes(key) && !bytes.includes(key.toString('base64url')), name)
  }
})

test('another key file is refused with what to do, nothing is overwritten, and the old one opens again', (t) => {
  const path = temporaryDirectory(t)
  const key = opened(path)
  const check = readFileSync(join(path, 'key-check'))
  writeFileSync(join(path, 'key'), new Uint8Array(32).fill(9))
  assert.throws(
    () => opened(path),
    /is not the one that the secrets in .* were sealed with; put that one back/,
  )
  assert.deepEqual(readFileSync(join(path, 'key')), Buffer.alloc(32, 9))
  assert.deepEqual(readFileSync(join(path, 'key-check')), check)
  writeFileSync(join(path, 'key'), key)
  assert.deepEqual(opened(path), key)
})

test('a key file that is gone is not recreated over secrets that it sealed', (t) => {
  const path = temporaryDirectory(t)
  const key = opened(path)
  rmSync(join(path, 'key'))
  assert.throws(() => opened(path), /is gone, and the secrets .* restore it from a backup/)
  assert.throws(() => statSync(join(path, 'key')), { code: 'ENOENT' })
  writeFileSync(join(path, 'key'), key)
  assert.deepEqual(opened(path), key)
})

test('a database of an earlier release, which has no check yet, is worth as much', (t) => {
  const path = temporaryDirectory(t)
  writeFileSync(join(path, 'emrys.db'), '')
  assert.throws(() => opened(path), /is gone/)
  writeFileSync(join(path, 'key'), new Uint8Array(32).fill(1))
  opened(path)
  writeFileSync(join(path, 'key'), new Uint8Array(32).fill(2))
  assert.throws(() => opened(path), /is not the one/)
})

test('a damaged key file is reported with its size', (t) => {
  const path = temporaryDirectory(t)
  opened(path)
  writeFileSync(join(path, 'key'), 'short')
  assert.throws(() => opened(path), /is damaged \(5 bytes, not 32\)/)
})

test('a directory in use is refused, and one that could not be opened is not left locked', (t) => {
  const path = temporaryDirectory(t)
  const first = openDataDirectory(path)
  assert.throws(() => openDataDirectory(path), /is in use by another emrys/)
  first.release()
  const key = readFileSync(join(path, 'key'))
  writeFileSync(join(path, 'key'), new Uint8Array(32))
  assert.throws(() => opened(path), /is not the one/)
  writeFileSync(join(path, 'key'), key)
  assert.deepEqual(Buffer.from(opened(path)), key)
})
