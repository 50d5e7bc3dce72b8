import assert from 'node:assert/strict'
import { rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { markOf } from '../../../src/store/commit-mark.ts'
import { acceptLoss, adopt } from '../../../src/store/sqlite/acceptance.ts'
import { PAGE_BYTES, requireSound } from '../../../src/store/sqlite/soundness.ts'
import { openSqliteStore, openWriter } from '../../../src/store/sqlite/store.ts'
import { sampleCluster } from '../../support/fixture/sample.ts'
import { temporaryDirectory } from '../../support/process/directory.ts'

/** More than are read from the file at once. */
const PAGES = 600

/** A database that nobody has open, of more pages than are read at once, without a mark. */
function unmarked(t: TestContext): string {
  const file = join(temporaryDirectory(t), 'emrys.db')
  const writer = openWriter(file)
  writer.exec(
    `with recursive n(i) as (select 1 union all select i + 1 from n where i < ${PAGES * 2})
     insert into counter (name, value) select printf('%0${PAGE_BYTES / 2}d', i), i from n`,
  )
  writer.close()
  assert.ok(statSync(file).size > PAGES * PAGE_BYTES)
  return file
}

test('a large database that is adopted is sound, and opens', async (t) => {
  const file = unmarked(t)
  adopt(file)
  assert.equal(requireSound(file), true)
  await openSqliteStore(file).close()
})

test('a large database whose loss was accepted is sound', (t) => {
  const file = unmarked(t)
  acceptLoss(file, join(temporaryDirectory(t), 'aside'))
  assert.equal(requireSound(file), true)
})

test('a large database of a version that had no marks opens now and the next time', async (t) => {
  const file = unmarked(t)
  rmSync(markOf(file), { force: true })
  for (let time = 0; time < 2; time++) {
    const store = openSqliteStore(file)
    await store.write((tx) => tx.insert('cluster', sampleCluster({ id: `c-${time}` }), 1))
    await store.close()
  }
})
