import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { DatabaseEntry } from '../../src/catalog/catalog.ts'
import { openCatalogStore } from '../../src/catalog/catalog-store.ts'
import { openDuck } from '../../src/storage/duck.ts'
import type { Link } from '../../src/storage/link.ts'
import { writeMutex } from '../../src/storage/write-mutex.ts'
import { limits, testDirectory } from '../support/open-engine.ts'

test('a thousand objects are written by a few statements, and are there again', async (t) => {
  const duck = await openDuck(await testDirectory(t), limits)
  t.after(() => duck.close())
  const link = await duck.connect()
  const volumes = { demand: () => undefined, link }
  const open = () => openCatalogStore(link, writeMutex(), volumes)
  let statements = 0
  const counting: Link = {
    ...link,
    run(sql, values) {
      statements += 1
      return link.run(sql, values)
    },
  }
  const store = await open()
  const made: DatabaseEntry[] = []
  await store.change(counting, async (draft) => {
    for (let at = 0; at < 1_000; at += 1) {
      const id = draft.newId()
      const properties = { [`"${at}`]: 'x'.repeat(at === 500 ? 2_000_000 : 10) }
      made.push({ kind: 'database', id, name: `d${at}`, properties, createdMs: at })
    }
    for (const entry of made) draft.put(entry)
  })
  assert.ok(statements < 20, `${statements} statements`)
  await store.change(counting, async (draft) => {
    for (const { id } of made.slice(10)) draft.remove(id)
    for (const entry of made.slice(0, 5)) draft.put({ ...entry, name: `new ${entry.name}` })
  })
  assert.ok(statements < 40, `${statements} statements`)
  const again = await open()
  assert.deepEqual(
    [...again.current.entries.values()],
    made.slice(0, 10).map((entry, at) => (at < 5 ? { ...entry, name: `new d${at}` } : entry)),
  )
})
