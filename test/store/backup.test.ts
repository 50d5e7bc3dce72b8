import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import {
  checkBackup,
  restoreBackup,
  writeBackup,
  type BackupSpec,
  type Part,
} from '../../src/store/backup.ts'
import { openDataDirectory } from '../../src/store/data-directory.ts'
import { temporaryDirectory } from '../support/process/directory.ts'

const text = (path: string, content: string): Part => ({
  path,
  make: (file) => writeFileSync(file, content),
})
const spec = (...parts: readonly Part[]): BackupSpec => ({
  made: '2026-01-02T03:04:05.000Z',
  instances: [],
  without: [],
  parts: [text('emrys.db', 'the database'), text('keys/key', 'k'.repeat(32)), ...parts],
})

async function made(t: TestContext) {
  const root = temporaryDirectory(t)
  const places = { from: join(root, 'b'), keys: join(root, 'b', 'keys'), dataDir: join(root, 'd') }
  await writeBackup(places.from, spec(text('local/c-1/engine/data', 'rows')))
  return { root, ...places }
}

test('a backup is put back file by file, keys at the top, for its owner alone', async (t) => {
  const places = await made(t)
  await restoreBackup(places)
  const of = (name: string) => readFileSync(join(places.dataDir, name), 'utf8')
  assert.deepEqual(['emrys.db', 'key', 'local/c-1/engine/data'].map(of), [
    'the database',
    'k'.repeat(32),
    'rows',
  ])
  assert.throws(() => of('restoring'), { code: 'ENOENT' })
  assert.equal(statSync(join(places.dataDir, 'key')).mode & 0o777, 0o600)
  assert.equal(statSync(join(places.dataDir, 'local')).mode & 0o777, 0o700)
})

test('keys that were moved away are found where they are said to be, and missed otherwise', async (t) => {
  const places = await made(t)
  const safe = join(places.root, 'safe')
  renameSync(places.keys, safe)
  await assert.rejects(restoreBackup(places), /keys\/key is missing/)
  await restoreBackup({ ...places, keys: safe })
  assert.ok(statSync(join(places.dataDir, 'key')).isFile())
})

test('a backup of which anything is missing, damaged or of another version is refused by name', async (t) => {
  const { from, keys } = await made(t)
  const refused = (says: RegExp) => assert.rejects(checkBackup(from, keys), says)
  const manifest = join(from, 'manifest.json')
  const whole = readFileSync(manifest, 'utf8')
  writeFileSync(join(from, 'emrys.db'), 'the databasE')
  await refused(/emrys\.db is damaged/)
  writeFileSync(join(from, 'emrys.db'), 'the database')
  await checkBackup(from, keys)
  for (const [changed, says] of [
    ['{', /manifest\.json is damaged/],
    [whole.replace('"format": 1', '"format": 2'), /another version/],
    [whole.replace(/"schema": "[^"]+"/, '"schema": "9999-later"'), /newer version of emrys/],
    [whole.replace('"emrys.db"', '"../emrys.db"'), /names the file \.\.\/emrys\.db/],
    [whole.replace('"emrys.db"', '"/etc/emrys.db"'), /names the file \/etc/],
  ] as const) {
    assert.notEqual(changed, whole)
    writeFileSync(manifest, changed)
    await refused(says)
  }
  rmSync(manifest)
  await refused(/no manifest\.json: it is no backup/)
})

test('a backup that fails half way is none, and leaves the directory as it was', async (t) => {
  const from = join(temporaryDirectory(t), 'b')
  const fails = { path: 'z', make: () => Promise.reject(new Error('the disk is full')) }
  await assert.rejects(writeBackup(from, spec(fails)), /the disk is full/)
  await assert.rejects(checkBackup(from, join(from, 'keys')), /it is no backup/)
  const check = () => {
    throw new Error('an engine was started')
  }
  await assert.rejects(writeBackup(from, { ...spec(), check }), /an engine was started/)
  await assert.rejects(checkBackup(from, join(from, 'keys')), /it is no backup/)
  await writeBackup(from, spec())
  await checkBackup(from, join(from, 'keys'))
})

test('a restore that was cut off is not taken for a data directory, and neither end goes over what is there', async (t) => {
  const places = await made(t)
  await restoreBackup(places)
  writeFileSync(join(places.dataDir, 'restoring'), places.from)
  assert.throws(() => openDataDirectory(places.dataDir), /the restore into .* was cut off/)
  await assert.rejects(restoreBackup(places), /is not empty/)
  rmSync(places.dataDir, { recursive: true })
  mkdirSync(places.dataDir)
  await restoreBackup(places)
  await assert.rejects(writeBackup(places.from, spec()), /is not empty/)
})
