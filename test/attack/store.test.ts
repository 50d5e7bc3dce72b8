/**
 * Attacks on what a server remembers, as somebody with a shell makes them: `emrys serve` on a data directory that was damaged after
 * `kill -9`. Rows 5, 12 and 13 of the attack list: a database that is missing, emptied or damaged started, without a warning, empty or rolled
 * back; rubbish in the clock's file and a damaged page started and failed every request. The many ways to damage a file, without a
 * process for each, are in test/store/damage.test.ts.
 */
import assert from 'node:assert/strict'
import { readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { askAdmin } from '../support/http/admin.ts'
import { memoryDirectory } from '../support/process/directory.ts'
import { emrys, emrysServe } from '../support/process/emrys-command.ts'
import { leftBehind, putFiles, type Left } from '../store/damage.ts'

interface Attack {
  readonly what: string
  readonly left: 'killed' | 'stopped'
  readonly says: RegExp
  damage(dataDir: string): void
}

const inFile = (name: string, change: (bytes: Buffer) => void) => (dataDir: string) => {
  const file = join(dataDir, name)
  const bytes = readFileSync(file)
  change(bytes)
  writeFileSync(file, bytes)
}

const attacks: readonly Attack[] = [
  {
    what: 'row 5: the database is removed after a kill',
    left: 'killed',
    damage: (dataDir) => rmSync(join(dataDir, 'emrys.db')),
    says: /emrys\.db is gone: 18 commits were acknowledged and are not there\. .*`emrys restore`/,
  },
  {
    what: 'row 5: all of its files are',
    left: 'killed',
    damage(dataDir) {
      for (const end of ['', '-wal', '-shm', '-mark'])
        rmSync(join(dataDir, `emrys.db${end}`), { force: true })
    },
    says: /emrys\.db is gone or empty, and .* was used before; .*`emrys restore`/,
  },
  {
    what: 'row 5: it is emptied after a stop',
    left: 'stopped',
    damage: (dataDir) => truncateSync(join(dataDir, 'emrys.db')),
    says: /emrys\.db is empty: 18 commits/,
  },
  {
    what: 'row 5: the head of its log is overwritten',
    left: 'killed',
    damage: inFile('emrys.db-wal', (bytes) => bytes.fill(0xa5, 0, 32)),
    says: /ends with commit 6, and commit 18 was acknowledged: 12 of them are missing \(\S+emrys\.db-wal can be read up to byte 0 of \d+\)/,
  },
  {
    what: 'row 5: one bit in the middle of its log',
    left: 'killed',
    damage: inFile('emrys.db-wal', (bytes) => {
      bytes[bytes.length >> 1]! ^= 4
    }),
    says: /ends with commit \d+, and commit 18 was acknowledged/,
  },
  {
    what: 'row 12: rubbish in the file of an earlier clock',
    left: 'stopped',
    damage: (dataDir) => writeFileSync(join(dataDir, 'clock'), '1e400'),
    says: /the clock file \S+clock is damaged: .*put it back as it was, or remove it/,
  },
  {
    what: 'row 13: a page in the middle',
    left: 'stopped',
    // What stands there may be zeros.
    damage: inFile('emrys.db', (bytes) => {
      bytes[bytes.length >> 1]! ^= 0xff
    }),
    says: /emrys\.db is damaged, or was changed by another program: page \d+ of \d+ is not what was written/,
  },
  {
    what: 'row 13: the name of a migration',
    left: 'stopped',
    damage: inFile('emrys.db', (bytes) => {
      bytes[bytes.indexOf('0002-') + 5]! ^= 1
    }),
    says: /emrys\.db is damaged, or was changed by another program: page \d+ of \d+ is not what was written/,
  },
  {
    what: 'row 13: an odd length',
    left: 'stopped',
    damage: (dataDir) => truncateSync(join(dataDir, 'emrys.db'), 12_345),
    says: /emrys\.db is damaged, .*: page \d+, .* and \d+ more of \d+ is not what was written/,
  },
]

test('a server does not start on less than it acknowledged, and says what is wrong and what to do', async (t) => {
  const root = memoryDirectory(t)
  const { killed, stopped } = await leftBehind(join(root, 'made'))
  const dataDir = join(root, 'attacked')
  const start = () => emrys(t, ['serve', '--port', '0', '--data-dir', dataDir])
  for (const { what, left, damage, says } of attacks) {
    const { files }: Left = left === 'killed' ? killed : stopped
    putFiles(dataDir, files)
    damage(dataDir)
    const { code, out, err } = await start()
    assert.deepEqual([code, out], [1, ''], what)
    assert.match(err, says, what)
    assert.equal(err.trim().split('\n').length, 1, err)
  }
  // The same files without an attack: it is not the server that refuses everything.
  putFiles(dataDir, killed.files)
  const server = await emrysServe(t, dataDir)
  const { body } = await askAdmin(Number(new URL(server.url).port), 'clusters')
  assert.equal(body.total, 18)
  server.signal('SIGTERM')
  await server.ended
})
