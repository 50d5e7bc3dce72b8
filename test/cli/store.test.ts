import assert from 'node:assert/strict'
import { readdirSync, readFileSync, rmSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { askAdmin } from '../support/http/admin.ts'
import { memoryDirectory } from '../support/process/directory.ts'
import { emrys, emrysServe } from '../support/process/emrys-command.ts'
import { leftBehind, putFiles } from '../store/damage.ts'

test('a check tells file by file what is sound, and the loss that is accepted is reported before the server begins with the rest', async (t) => {
  const root = memoryDirectory(t)
  const { killed } = await leftBehind(join(root, 'made'))
  const dataDir = join(root, 'd')
  putFiles(dataDir, killed.files)
  const check = (...more: readonly string[]) =>
    emrys(t, ['store', 'check', '--data-dir', dataDir, ...more])
  const sound = await check()
  assert.equal(sound.code, 0, sound.err)
  assert.match(sound.out, /^sound {2}\S+emrys\.db {2}\d+ pages, each as it was written\n/)
  assert.doesNotMatch(sound.out, /WRONG/)
  assert.match((await check('--accept-loss')).out, /there is no loss to accept/)

  const log = join(dataDir, 'emrys.db-wal')
  truncateSync(log, Math.floor(killed.files.get('emrys.db-wal')!.length / 2))
  const cut = readFileSync(log)
  const wrong = await check()
  assert.equal(wrong.code, 1)
  assert.match(
    wrong.out,
    /WRONG {2}\S+emrys\.db {2}ends with commit \d+, and commit 18 was acknowledged/,
  )
  assert.deepEqual(readFileSync(log), cut)
  const accepted = await check('--accept-loss')
  assert.equal(accepted.code, 0, accepted.err)
  assert.match(
    accepted.out,
    /is forgotten: clusters, orders[\s\S]*begins with commit \d+\. The files/,
  )
  const aside = readdirSync(dataDir).find((name) => name.startsWith('set-aside-'))!
  assert.deepEqual(readFileSync(join(dataDir, aside, 'emrys.db-wal')), cut)
  assert.equal((await check()).code, 0)
  const server = await emrysServe(t, dataDir)
  const page = (await askAdmin(Number(new URL(server.url).port), 'clusters')).body
  assert.ok(page.total >= 6 && page.total < 18, `${page.total} clusters`)
  server.signal('SIGTERM')
  await server.ended
})

test('a database that is gone is given up by word only, and the server starts over under the same key', async (t) => {
  const root = memoryDirectory(t)
  const { stopped } = await leftBehind(join(root, 'made'))
  const dataDir = join(root, 'd')
  for (const gone of [['emrys.db'], ['emrys.db', 'emrys.db-mark']]) {
    putFiles(dataDir, stopped.files)
    for (const name of gone) rmSync(join(dataDir, name))
    const check = ['store', 'check', '--data-dir', dataDir]
    const wrong = await emrys(t, check)
    assert.equal(wrong.code, 1)
    assert.match(wrong.out, /WRONG {2}\S+emrys\.db .*gone/)
    assert.match((await emrys(t, [...check, '--accept-loss'])).out, /begins with an empty database/)
    assert.equal((await emrys(t, check)).code, 0)
    assert.deepEqual(readFileSync(join(dataDir, 'key')), stopped.files.get('key'))
  }
})
