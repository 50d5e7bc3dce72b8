/** A store in a process of its own, which writes without end, for tests that kill it. Sends the number of each document once it is durable. */
import { join } from 'node:path'
import { openSqliteStore } from '../../../src/store/sqlite/store.ts'
import { sampleCluster } from '../fixture/sample.ts'

const [directory = '', first = '0', nameBytes = '0'] = process.argv.slice(2)
process.on('disconnect', () => process.exit(0))
const store = openSqliteStore(join(directory, 'emrys.db'))
for (let n = Number(first); ; n++) {
  // Long enough that the log is put into the database many times between two kills.
  const cluster = sampleCluster({ id: `c-${n}`, name: 'x'.repeat(Number(nameBytes)) })
  await store.write((tx) => tx.insert('cluster', cluster, 1))
  process.send?.(n)
}
