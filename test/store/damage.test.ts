/**
 * Every file of a data directory that the store answers for, gone, emptied, cut, changed or taken from an older copy, after a stop and
 * after `kill -9`: either everything acknowledged is there, or a sentence says why the server does not start. Some sectors of each
 * file, or all of them with `npm run test:long`.
 */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { random } from '../../src/kernel/random.ts'
import { memoryDirectory } from '../support/process/directory.ts'
import { damagesOf, judge, leftBehind, putFiles, type Files } from './damage.ts'

const SECTORS = process.env['EMRYS_LONG'] === '1' ? 'every' : 10

test('whatever happens to a file, nothing acknowledged is lost silently', async (t) => {
  const seed = process.env['CRASH_SEED'] ?? random().hex(8)
  t.diagnostic(`seed ${seed}`)
  const { fraction } = random(seed)
  const root = memoryDirectory(t)
  const { killed, stopped, olderKilled, olderStopped } = await leftBehind(join(root, 'made'))
  const path = join(root, 'damaged')
  const counts: Record<string, number> = {}
  for (const [how, left, older] of [
    ['stop', stopped, olderStopped],
    ['kill', killed, olderKilled],
  ] as const) {
    putFiles(path, left.files)
    assert.equal(await judge(path, left, 'nothing happened'), 'whole')
    for (const [name, bytes] of left.files) {
      const damages = damagesOf(bytes, {
        fraction,
        sectors: SECTORS,
        older: older.files.get(name),
      })
      for (const [what, damaged] of damages) {
        const files = new Map(left.files)
        if (damaged) files.set(name, damaged)
        else files.delete(name)
        putFiles(path, files)
        const outcome = await judge(path, left, `${name} ${what}, after a ${how} (seed ${seed})`)
        const key = `${how} ${name} ${outcome}`
        counts[key] = (counts[key] ?? 0) + 1
      }
    }
  }
  t.diagnostic(JSON.stringify(counts))
  const cases = Object.values(counts).reduce((sum, each) => sum + each, 0)
  t.diagnostic(`${cases} cases`)
  for (const how of ['stop', 'kill'])
    assert.ok(counts[`${how} emrys.db refused`], 'no damage of the database was found')
  assert.ok(counts['kill emrys.db-wal refused'], 'no damage of the log was found')
})

test('all files of the database gone, or an older one with its log, is refused', async (t) => {
  const root = memoryDirectory(t)
  const { killed, stopped, olderKilled, olderStopped } = await leftBehind(join(root, 'made'))
  const path = join(root, 'damaged')
  const refused = async (files: Files, what: string) => {
    putFiles(path, files)
    assert.equal(await judge(path, stopped, what), 'refused', what)
  }
  const isDatabase = (name: string) => name.startsWith('emrys.db')
  for (const { files } of [stopped, killed]) {
    await refused(new Map([...files].filter(([name]) => !isDatabase(name))), 'gone with its mark')
    for (const older of [olderKilled.files, olderStopped.files]) {
      const put = [...older].filter(([name]) => isDatabase(name) && !name.endsWith('-mark'))
      const rest = [...files].filter(([name]) => !isDatabase(name) || name.endsWith('-mark'))
      await refused(new Map([...rest, ...put]), 'an older one')
    }
  }
})

test('a process that ended between a commit and its mark, or within a checkpoint, left a sound database', async (t) => {
  const root = memoryDirectory(t)
  const { killed, stopped, olderKilled } = await leftBehind(join(root, 'made'))
  const path = join(root, 'cut-off')
  const whole = async (changed: Readonly<Record<string, Buffer>>, what: string) => {
    putFiles(path, new Map([...killed.files, ...Object.entries(changed)]))
    assert.equal(await judge(path, killed, what), 'whole', what)
  }
  const of = (files: Files, name: string) => files.get(name)!
  await whole({ 'emrys.db-mark': of(olderKilled.files, 'emrys.db-mark') }, 'a mark that is behind')
  const before = of(killed.files, 'emrys.db')
  const after = of(stopped.files, 'emrys.db')
  assert.notDeepEqual(before, after)
  const marks = [of(killed.files, 'emrys.db-mark'), of(stopped.files, 'emrys.db-mark')]
  // The last record says that it stopped in order, which no process says before its log is empty.
  const summed = Buffer.concat([marks[0]!.subarray(0, 4096), marks[1]!.subarray(4096)])
  for (const mark of [marks[0]!, summed])
    for (let done = 0; done <= after.length; done += 4096) {
      const database = Buffer.concat([after.subarray(0, done), before.subarray(done)])
      await whole({ 'emrys.db': database, 'emrys.db-mark': mark }, `${done} bytes were put in`)
    }
})
