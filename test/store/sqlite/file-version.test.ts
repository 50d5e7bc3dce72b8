import assert from 'node:assert/strict'
import { symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileVersion } from '../../../src/store/sqlite/file-version.ts'
import { openSqliteStore } from '../../../src/store/sqlite/store.ts'
import { sampleCluster } from '../../support/fixture/sample.ts'
import { temporaryDirectory } from '../../support/process/directory.ts'

test('what another store of a file commits is distinguished from what a store commits itself, by whatever path', (t) => {
  const directory = temporaryDirectory(t)
  const [file, link] = [join(directory, 'a.db'), join(directory, 'link.db')]
  writeFileSync(file, '')
  symlinkSync(file, link)
  const own = fileVersion(file)
  own.committed()
  assert.equal(own.isForeign(), false)
  const other = fileVersion(link)
  assert.equal(own.isForeign(), true, 'opening it may have migrated it')
  other.committed()
  own.committed()
  assert.equal(own.isForeign(), true)
  assert.equal(own.isForeign(), false)
  assert.equal(other.isForeign(), true)
})

test('stores of two files, and of one after another, have nothing to do with each other', (t) => {
  const directory = temporaryDirectory(t)
  const [a, b] = ['a.db', 'b.db'].map((name) => join(directory, name)) as [string, string]
  for (const file of [a, b]) writeFileSync(file, '')
  const [first, second] = [fileVersion(a), fileVersion(b)]
  second.committed()
  assert.equal(first.isForeign(), false)
  first.release()
  assert.equal(fileVersion(a).isForeign(), false)
})

test('a store answers with what another store of the file committed, to reads and to writes', async (t) => {
  const file = join(temporaryDirectory(t), 'emrys.db')
  const [own, other] = [openSqliteStore(file), openSqliteStore(file)]
  t.after(async () => {
    await own.close()
    await other.close()
  })
  const nameOf = async (how: 'read' | 'write') =>
    (await own[how]((tx) => tx.findById('cluster', 'c-1')))?.document.name
  assert.equal(await nameOf('read'), undefined)
  await other.write((tx) => tx.insert('cluster', sampleCluster({ id: 'c-1', name: 'one' }), 1))
  assert.equal(await nameOf('read'), 'one')
  await other.write(async (tx) => {
    const it = (await tx.findById('cluster', 'c-1'))!
    await tx.save('cluster', it, { ...it.document, name: 'two' })
  })
  assert.equal(await nameOf('write'), 'two')
  assert.equal(await nameOf('read'), 'two')
})
