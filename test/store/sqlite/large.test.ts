import assert from 'node:assert/strict'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { openSqliteStore } from '../../../src/store/sqlite/store.ts'
import { sampleCluster } from '../../support/fixture/sample.ts'
import { temporaryDirectory } from '../../support/process/directory.ts'

const skip = process.env['EMRYS_LONG'] === '1' ? false : 'it writes 2 GiB; npm run test:long does'
const NAME_BYTES = 8_000_000
const CLUSTERS = 140

test(
  'sqlite: a database of more than 1 GiB, in which SQLite leaves out a page, is sound and can be copied',
  { skip },
  async (t) => {
    const directory = temporaryDirectory(t)
    const file = join(directory, 'emrys.db')
    const store = openSqliteStore(file)
    const name = 'x'.repeat(NAME_BYTES)
    for (let n = 0; n < CLUSTERS; n++)
      await store.write((tx) => tx.insert('cluster', sampleCluster({ id: `c-${n}`, name }), 1))
    await store.close()
    assert.ok(statSync(file).size > 2 ** 30)
    const again = openSqliteStore(file)
    await again.copyTo(join(directory, 'copy.db'))
    await again.close()
    await openSqliteStore(join(directory, 'copy.db')).close()
  },
)
