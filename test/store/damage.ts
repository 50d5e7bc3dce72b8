/** A small data directory as a stop and as `kill -9` leave it, and everything that may happen to one of its files. */
import assert from 'node:assert/strict'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Random } from '../../src/kernel/random.ts'
import { DATABASE, openDataDirectory } from '../../src/store/data-directory.ts'
import { openSqliteStore } from '../../src/store/sqlite/store.ts'
import type { Store } from '../../src/store/port.ts'
import { openWorld } from '../../src/substrate/simulation/world.ts'
import { sampleCluster } from '../support/fixture/sample.ts'

export type Files = ReadonlyMap<string, Buffer>

export interface Left {
  readonly files: Files
  /** The names of the clusters that were acknowledged, by id. */
  readonly acknowledged: Readonly<Record<string, string>>
}

export interface LeftBehind {
  readonly killed: Left
  readonly stopped: Left
  /** As they were some time before: for files that are put back from an old copy. */
  readonly olderKilled: Left
  readonly olderStopped: Left
}

const SECTOR = 512
/** Each is a commit. */
const CLUSTERS = 6

export async function leftBehind(path: string): Promise<LeftBehind> {
  const acknowledged: Record<string, string> = {}
  const left = (): Left => ({ files: filesIn(path), acknowledged: { ...acknowledged } })
  const round = async <T>(work: (store: Store, add: () => Promise<void>) => Promise<T>) => {
    const directory = openDataDirectory(path)
    const store = openSqliteStore(directory.file(DATABASE))
    const world = openWorld(directory.file('simulation.db'))
    const add = async () => {
      for (let n = 0; n < CLUSTERS; n++) {
        const id = `c-${Object.keys(acknowledged).length}`
        const cluster = sampleCluster({ id, name: `name of ${id}` })
        await store.write((tx) => tx.insert('cluster', cluster, 1))
        acknowledged[id] = cluster.name
        world.nextAddress()
      }
    }
    const result = await work(store, add)
    await store.close()
    world.close()
    directory.release()
    return result
  }
  await round(async (_store, add) => add())
  const olderStopped = left()
  const [olderKilled, killed] = await round(async (_store, add) => {
    await add()
    const older = left()
    await add()
    return [older, left()] as const
  })
  return { olderStopped, olderKilled, killed, stopped: left() }
}

function filesIn(path: string): Files {
  return new Map(readdirSync(path).map((name) => [name, readFileSync(join(path, name))]))
}

export function putFiles(path: string, files: Files): void {
  rmSync(path, { recursive: true, force: true })
  mkdirSync(path, { mode: 0o700 })
  for (const [name, bytes] of files) writeFileSync(join(path, name), bytes, { mode: 0o600 })
}

export type Damage = readonly [what: string, bytes: Buffer | undefined]

/** `every`: all sectors; otherwise so many of them, somewhere. */
export function damagesOf(
  bytes: Buffer,
  {
    fraction,
    sectors,
    older,
  }: { sectors: 'every' | number; older: Buffer | undefined } & Pick<Random, 'fraction'>,
): readonly Damage[] {
  const noise = (length: number) => Buffer.from(Array.from({ length }, () => fraction() * 256))
  const whole: Damage[] = [
    ['gone', undefined],
    ['empty', Buffer.alloc(0)],
    ['noise', noise(Math.max(bytes.length, 100))],
    ['with a tail', Buffer.concat([bytes, noise(100)])],
    ['with a sector more', Buffer.concat([bytes, noise(SECTOR * 8)])],
  ]
  if (older && !older.equals(bytes)) whole.push(['an older copy', older])
  const all = Array.from({ length: Math.ceil(bytes.length / SECTOR) }, (_, at) => at * SECTOR)
  const step = sectors === 'every' ? 1 : Math.max(1, all.length / sectors)
  const chosen = new Set<number>()
  for (let at = step === 1 ? 0 : fraction() * step; at < all.length; at += step)
    chosen.add(all[Math.floor(at)]!)
  for (const at of chosen) {
    whole.push([`cut at ${at}`, bytes.subarray(0, at)])
    const place = Math.min(bytes.length - 1, at + Math.floor(fraction() * SECTOR))
    const flipped = Buffer.from(bytes)
    flipped[place] = flipped[place]! ^ (1 << Math.floor(fraction() * 8))
    whole.push([`a bit changed at ${place}`, flipped])
  }
  return whole
}

/** What a server may say at its start: a path, what is wrong, and what can be done. */
const SENTENCE =
  /\/.*(is|ends|has|names|holds|cannot) .*(restore|put that one back|remove it|put it back)/

/** Opens what lies there as a server does. Either everything is there, or a sentence says why not, and nothing was changed. */
export async function judge(path: string, left: Left, what: string): Promise<'whole' | 'refused'> {
  const before = filesIn(path)
  const closing: (() => unknown)[] = []
  let store: Store
  try {
    const directory = openDataDirectory(path)
    closing.push(directory.release)
    store = openSqliteStore(directory.file(DATABASE))
    closing.push(() => store.close())
    const world = openWorld(directory.file('simulation.db'))
    closing.push(world.close)
    world.all()
  } catch (problem) {
    const refused = closing.length < 2
    for (const close of closing.toReversed()) await close()
    assert.match((problem as Error).message, SENTENCE, what)
    if (refused)
      for (const name of [DATABASE, `${DATABASE}-wal`, `${DATABASE}-mark`, 'key', 'key-check'])
        assert.deepEqual(
          filesIn(path).get(name) ?? Buffer.alloc(0),
          before.get(name) ?? Buffer.alloc(0),
          `${what}: ${name} was changed`,
        )
    return 'refused'
  }
  const page = { account: undefined, order: 'oldest', limit: 1000, offset: 0 } as const
  const { rows } = await store.read((tx) => tx.list('cluster', page))
  for (const close of closing.toReversed()) await close()
  const found = Object.fromEntries(rows.map(({ document }) => [document.id, document.name]))
  assert.deepEqual(found, left.acknowledged, `${what}: it started, and not everything is there`)
  return 'whole'
}
