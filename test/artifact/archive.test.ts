import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { setPath, stateOf } from '../../src/artifact/cache.ts'
import { fetchPart } from '../../src/artifact/fetch.ts'
import type { Artifact } from '../../src/artifact/lock.ts'
import { directorySource } from '../../src/artifact/source.ts'
import { sha256Hex } from '../../src/kernel/digest.ts'
import { zipOf, type ZipEntry } from '../support/fixture/zip.ts'
import { temporaryDirectory } from '../support/process/directory.ts'

const pinOf = (content: Buffer) => ({ size: content.length, sha256: sha256Hex(content) })

/** Incompressible, longer than one piece of a stream, and one of nothing. */
const jars = ['one', 'other', 'empty'].map((name, at) => ({
  name: `part-1.0/${name}.jar`,
  content: name === 'empty' ? Buffer.alloc(0) : randomBytes(200_000 + at),
}))
const members = jars.map(({ name, content }) => ({ path: name, ...pinOf(content) }))

/** The part of an archive with these files, of which the jars are wanted. */
function packed(t: TestContext, entries: readonly ZipEntry[]) {
  const folder = temporaryDirectory(t)
  const archive = zipOf(entries)
  writeFileSync(join(folder, 'part-1.0.zip'), archive)
  const origin = { kind: 'maven', path: 'org/part/1.0/part-1.0.zip' } as const
  const artifact: Artifact = { ...pinOf(archive), origin, members }
  const part = { name: 'part', version: '1.0', use: 'tests', artifacts: [artifact] }
  const need = { engine: 'example', part, artifacts: [artifact] }
  const cache = join(folder, 'cache')
  return { need, cache, fetch: () => fetchPart(need, { cache, source: directorySource(folder) }) }
}

test('files of a zip archive are taken out together, each proved, and nothing else of it is kept', async (t) => {
  const it = packed(t, [{ name: 'LICENSE', content: Buffer.from('x') }, ...jars])
  assert.equal(await it.fetch(), 'fetched')
  const folder = setPath(it.cache, it.need)
  assert.deepEqual(readdirSync(folder).toSorted(), ['empty.jar', 'one.jar', 'other.jar'])
  for (const { name, content } of jars)
    assert.deepEqual(readFileSync(join(folder, name.slice('part-1.0/'.length))), content)
  assert.equal(await it.fetch(), 'there')
})

test('a zip archive that lacks a file, or has another one under its name, is refused', async (t) => {
  const [first = { name: '', content: Buffer.alloc(0) }, ...rest] = jars
  const other = { ...first, content: randomBytes(first.content.length) }
  const short = { ...first, content: Buffer.alloc(5) }
  const cases: readonly [readonly ZipEntry[], RegExp][] = [
    [rest, /the archive has no file part-1\.0\/one\.jar$/],
    [[other, ...rest], /one\.jar in its archive is not the file that is pinned$/],
    [[short, ...rest], /one\.jar has 5 bytes, not 200000$/],
  ]
  for (const [entries, reason] of cases) {
    const it = packed(t, entries)
    await assert.rejects(it.fetch(), reason)
    assert.equal(stateOf(it.cache, it.need), 'missing')
  }
})
