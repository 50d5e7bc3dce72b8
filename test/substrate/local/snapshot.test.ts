import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { snapshotDirectory, snapshotRoot } from '../../../src/substrate/local/snapshot.ts'
import type { Seen, Substrate, Wanted } from '../../../src/substrate/port.ts'
import { echoComponent } from '../../support/engine/echo-component.ts'
import {
  localDirectory,
  ready,
  removedFrom,
  untilSeen,
  type LocalDirectory,
} from '../../support/engine/local-substrate.ts'
import { wantedOf } from '../subject.ts'

const KEY = { cluster: 'c-1', snapshot: 'bt-1' }
const from = (id: string): Wanted => {
  const { spec, ...rest } = wantedOf({}, id)
  return { ...rest, spec: { ...spec, origin: KEY } }
}

async function opened(t: TestContext) {
  const directory = localDirectory(t, echoComponent('f', { single: true }))
  const substrate = directory.open()
  await ready(substrate, wantedOf({}, 'c-1'))
  writeFileSync(join(directory.files('c-1').directory, 'data'), 'of that moment')
  return { directory, substrate, data: (id: string) => dataOf(directory, id) }
}

function dataOf({ files }: LocalDirectory, id: string): string {
  return readFileSync(join(files(id).directory, 'data'), 'utf8')
}

async function takenFrom({ snapshots }: Substrate): Promise<void> {
  while ((await snapshots?.observe(KEY))?.phase !== 'taken') await snapshots?.take(KEY)
}

const unhealthy = ({ groups }: Seen) => groups.some(({ problem }) => problem !== undefined)

test('a new instance begins with the data of the moment, whatever became of the old one', async (t) => {
  const { directory, substrate, data } = await opened(t)
  await takenFrom(substrate)
  writeFileSync(join(directory.files('c-1').directory, 'data'), 'later')
  await ready(substrate, from('c-2'))
  assert.equal(data('c-2'), 'of that moment')
  assert.equal(data('c-1'), 'later')
  assert.ok(!readdirSync(directory.files('c-2').directory).includes('manifest.json'))
})

test('data that are not what the manifest says start nothing, and are never begun with', async (t) => {
  const { directory, substrate } = await opened(t)
  await takenFrom(substrate)
  writeFileSync(join(snapshotDirectory(directory.root, KEY), 'data'), 'of this moment')
  await substrate.apply(from('c-2'))
  const seen = await untilSeen(substrate, 'c-2', unhealthy)
  const [problem] = seen.groups.flatMap((group) => group.problem ?? [])
  assert.deepEqual([problem?.persists, problem?.reason], [true, 'the backup bt-1 is damaged: data'])
  const own = directory.files('c-2').directory
  assert.deepEqual(
    readdirSync(own).filter((name) => name.startsWith('data') || name === 'begun'),
    [],
  )
  assert.equal(directory.pid('c-2'), 0)
})

test('a manifest that leads out of the directory, or cannot be read, is refused', async (t) => {
  const { directory, substrate } = await opened(t)
  await takenFrom(substrate)
  const manifest = join(snapshotDirectory(directory.root, KEY), 'manifest.json')
  const outside = { path: '../data', bytes: 1, sha256: '' }
  for (const [id, text, says] of [
    [
      'c-2',
      JSON.stringify({ files: [outside], tables: [] }),
      /manifest of the backup bt-1 is damaged/,
    ],
    ['c-3', '{', /is not there/],
  ] as const) {
    writeFileSync(manifest, text)
    await substrate.apply(from(id))
    const seen = await untilSeen(substrate, id, unhealthy)
    assert.match(seen.groups[0]?.problem?.reason ?? '', says)
  }
})

test('a copy that was cut off in the middle is recreated, and what is whole is not copied again', async (t) => {
  const { directory, substrate, data } = await opened(t)
  await takenFrom(substrate)
  for (const id of ['c-2', 'c-3'])
    mkdirSync(join(directory.root, id, 'engine'), { recursive: true })
  const aside = join(directory.root, 'c-2', 'engine', 'data.restoring')
  writeFileSync(aside, 'half')
  writeFileSync(join(directory.root, 'c-3', 'engine', 'data'), 'whole before')
  await ready(substrate, from('c-2'))
  await ready(substrate, from('c-3'))
  assert.deepEqual([data('c-2'), data('c-3')], ['of that moment', 'whole before'])
  assert.ok(!existsSync(aside))
})

test('an instance whose data are still being copied can be removed at once, and leaves nothing', async (t) => {
  const { directory, substrate } = await opened(t)
  await takenFrom(substrate)
  // Large enough that copying it takes a while.
  const large = Buffer.alloc(256 * 1024 * 1024)
  const folder = snapshotDirectory(directory.root, KEY)
  writeFileSync(join(folder, 'data'), large)
  const sha256 = createHash('sha256').update(large).digest('hex')
  const files = [{ path: 'data', bytes: large.length, sha256 }]
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ files, tables: [] }))
  await substrate.apply(from('c-2'))
  const aside = join(directory.root, 'c-2', 'engine', 'data.restoring')
  while (!existsSync(aside)) await pause(1)
  const seen = await substrate.observe('c-2')
  assert.ok(seen.groups.every(({ nodes }) => nodes.every(({ phase }) => phase === 'starting')))
  await removedFrom(substrate, 'c-2')
  assert.ok(existsSync(folder))
  await substrate.apply(from('c-3'))
  while (!existsSync(join(directory.root, 'c-3', 'engine', 'data.restoring'))) await pause(1)
  const beganMs = performance.now()
  await substrate.close()
  assert.ok(performance.now() - beganMs < 3_000)
  assert.ok(!existsSync(join(directory.root, 'c-3', 'engine', 'data')))
  assert.deepEqual(
    readdirSync(directory.root).filter((name) => name.startsWith('.gone')),
    [],
  )
})

test('a whole copy that its driver did not move is moved by the next one, or found and discarded', async (t) => {
  const { directory, substrate } = await opened(t)
  const own = directory.files('c-1').directory
  const [role] = echoComponent('f', { single: true }).roles
  for (const name of ['bt-1', 'bt-2']) await role?.snapshot?.begin(own, name)
  const made = join(own, 'copies', 'bt-1')
  assert.ok(existsSync(made))
  assert.equal((await substrate.snapshots?.observe(KEY))?.phase, 'taking')
  await substrate.close()
  const next = directory.open()
  assert.equal((await next.snapshots?.list())?.length, 2)
  await next.snapshots?.take(KEY)
  assert.ok(!existsSync(made))
  assert.equal((await next.snapshots?.observe(KEY))?.phase, 'taken')
  await next.snapshots?.discard({ ...KEY, snapshot: 'bt-2' })
  assert.deepEqual(await next.snapshots?.list(), [KEY])
})

test('what a removal that was cut short left goes with the next start', async (t) => {
  const { directory, substrate } = await opened(t)
  await takenFrom(substrate)
  await substrate.snapshots?.discard(KEY)
  assert.deepEqual(readdirSync(snapshotRoot(directory.root)), [])
  writeFileSync(join(snapshotRoot(directory.root), '.gone-c-1-bt-1'), '')
  await substrate.close()
  const next = directory.open()
  assert.deepEqual(readdirSync(snapshotRoot(directory.root)), [])
  assert.deepEqual(await next.snapshots?.list(), [])
})

test('one that fails says why, and one that takes its time is being taken', async (t) => {
  const { directory, substrate } = await opened(t)
  const { directory: own } = directory.files('c-1')
  writeFileSync(join(own, 'unwilling'), '')
  await substrate.snapshots?.take(KEY)
  assert.deepEqual(await substrate.snapshots?.observe(KEY), { phase: 'failed', reason: 'no room' })
  await substrate.snapshots?.discard(KEY)
  assert.deepEqual(await substrate.snapshots?.list(), [])
})

test('names that lead elsewhere are refused', async (t) => {
  const { substrate } = await opened(t)
  for (const snapshot of ['..', 'a/b', ''])
    await assert.rejects(
      async () => substrate.snapshots?.discard({ ...KEY, snapshot }),
      /directory/,
    )
})
