import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { openSqliteStore } from '../../../src/store/sqlite/store.ts'
import { sampleCluster } from '../../support/fixture/sample.ts'
import { temporaryDirectory } from '../../support/process/directory.ts'

const BATCH = 400
const BATCHES = 8

test('names are found before and after they came into the index, and renamed ones by their new name', async (t) => {
  const file = join(temporaryDirectory(t), 'emrys.db')
  const store = openSqliteStore(file)
  const named = async (nameContains: string) => {
    const page = { account: 'a', order: 'oldest', limit: 10, offset: 0 } as const
    const { rows, total } = await store.read((tx) => tx.list('cluster', { ...page, nameContains }))
    assert.equal(rows.length, total)
    return rows.map(({ document }) => document.id)
  }
  const rename = (id: string, name: string) =>
    store.write(async (tx) => {
      const found = (await tx.findById('cluster', id))!
      await tx.save('cluster', found, { ...found.document, name })
    })
  for (let batch = 0; batch < BATCHES; batch++) {
    const [first, last] = [batch * BATCH, (batch + 1) * BATCH - 1]
    await assert.rejects(
      store.write(async (tx) => {
        await tx.insert('cluster', sampleCluster({ id: 'undone', name: 'undone' }), 1)
        throw new Error('no')
      }),
      /no/,
    )
    await store.write(async (tx) => {
      for (let n = first; n <= last; n++)
        await tx.insert('cluster', sampleCluster({ id: `c-${n}`, name: `name-${n}-of` }), 1)
    })
    await rename(`c-${last}`, `other-${last}-of`)
    for (const n of [0, first, last - 1]) assert.deepEqual(await named(`ame-${n}-o`), [`c-${n}`])
    assert.deepEqual(await named(`ame-${last}-o`), [])
    assert.deepEqual(await named(`her-${last}-o`), [`c-${last}`])
  }
  await rename('c-5', 'early')
  assert.deepEqual(await named('arl'), ['c-5'])
  assert.deepEqual(await named('name-5-'), [])
  await store.close()
  const database = new DatabaseSync(file)
  t.after(() => database.close())
  const [last] = database.prepare(`select value from counter where name = 'names-to'`).all()
  const behind = BATCH * BATCHES - Number(last?.['value'])
  assert.ok(behind < 1_024 && behind < BATCH * BATCHES, `${behind} names wait`)
  database.exec(`insert into cluster_name (cluster_name) values ('integrity-check')`)
})
