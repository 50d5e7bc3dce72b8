/**
 * `kill -9` of a store that does nothing but commit and put its log into its database: whatever it was doing, the store opens again and
 * has everything that was acknowledged. A mark that were ever ahead of the database would refuse it here. 12 kills, or 300 with
 * `npm run test:long`.
 */
import assert from 'node:assert/strict'
import { fork, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { random } from '../../src/kernel/random.ts'
import { openSqliteStore } from '../../src/store/sqlite/store.ts'
import { cleanUp } from '../support/process/clean-up.ts'
import { memoryDirectory } from '../support/process/directory.ts'

const KILLS = process.env['EMRYS_LONG'] === '1' ? 300 : 12
/** Then another store is begun: a start reads all of it. */
const KILLS_OF_ONE = 20
const PROGRAM = join(import.meta.dirname, '../support/process/store-process.ts')
const WITHIN_MS = 120
/** The log is long after twenty commits. */
const NAME_BYTES = 200_000

test(`a store that is killed ${KILLS} times while it commits is never refused, and never behind`, async (t) => {
  const seed = process.env['CRASH_SEED'] ?? random().hex(8)
  t.diagnostic(`seed ${seed}`)
  const { fraction } = random(seed)
  const root = memoryDirectory(t)
  let directory = root
  let acknowledged = -1
  let present = 0
  let commits = 0
  for (let kill = 0; kill < KILLS; kill++) {
    if (kill % KILLS_OF_ONE === 0) {
      directory = join(root, String(kill))
      mkdirSync(directory)
      commits += present
      acknowledged = -1
      present = 0
    }
    const child = fork(PROGRAM, [directory, String(present), String(NAME_BYTES)])
    const exited = once(child, 'exit')
    cleanUp(t, () => void child.kill('SIGKILL'))
    child.on('message', (n: number) => (acknowledged = n))
    await Promise.race([once(child, 'message'), exited])
    assert.equal(child.exitCode, null, 'the store was not opened')
    // Every other time another program is reading: it keeps SQLite's index of the log alive when the writer is gone.
    const reader = kill % 2 === 0 ? undefined : await startReader(t, directory)
    await delay(fraction() * WITHIN_MS)
    child.kill('SIGKILL')
    await exited
    const store = openSqliteStore(join(directory, 'emrys.db'))
    const page = { account: undefined, order: 'oldest', limit: 1, offset: 0 } as const
    const { total } = await store.read((tx) => tx.list('cluster', page))
    await store.close()
    reader?.kill('SIGKILL')
    assert.ok(total > acknowledged, `${acknowledged + 1} were acknowledged, ${total} are there`)
    present = total
  }
  commits += present
  assert.ok(commits > KILLS, `only ${commits} commits`)
  t.diagnostic(`${commits} commits`)
})

async function startReader(t: TestContext, directory: string): Promise<ChildProcess> {
  const program = `const { DatabaseSync } = require('node:sqlite')
    const database = new DatabaseSync(process.argv[1], { readOnly: true })
    database.prepare('select count(*) from counter').get()
    process.stdout.write('reading')
    setInterval(() => database.isOpen, 1000)`
  const reader = spawn(process.execPath, ['-e', program, join(directory, 'emrys.db')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  cleanUp(t, () => void reader.kill('SIGKILL'))
  await once(reader.stdout, 'data')
  return reader
}
