/**
 * The simulated world: what would be running. It has a file of its own, because a world does not forget its machines when
 * the control plane is killed. It is not flushed with every write: after loss of power it may be a little behind, as if
 * machines had vanished, and the reconciler puts them back. Files of earlier versions are read as they are (world-upgrade.ts).
 */
import { DatabaseSync } from 'node:sqlite'
import type { SnapshotKey } from '../../domain/cluster/spec.ts'
import type { WorldCluster, WorldSnapshot } from './world-cluster.ts'
import { upgraded } from './world-upgrade.ts'

export interface World {
  find(id: string): WorldCluster | undefined
  all(): readonly WorldCluster[]
  put(cluster: WorldCluster): void
  /** In one transaction with whatever else is put in this turn of the event loop: resolves when that is in the file. */
  putTogether(cluster: WorldCluster): Promise<void>
  remove(id: string): void
  findSnapshot(key: SnapshotKey): WorldSnapshot | undefined
  snapshots(): readonly WorldSnapshot[]
  putSnapshot(snapshot: WorldSnapshot): void
  removeSnapshot(key: SnapshotKey): void
  /** Nothing is running any more. */
  clear(): void
  /** Addresses handed out so far; only grows. */
  nextAddress(): number
  /** Those up to this one were handed out elsewhere. */
  skipAddresses(last: number): void
  /** Every write since the world was opened; a restart with nothing changed makes none. */
  readonly writes: number
  close(): void
}

/** Clusters that are looked at again before long. */
const KNOWN_MAX = 1_000

/** `file` may be `:memory:`. Throws a sentence when it is damaged. */
export function openWorld(file: string): World {
  const database = new DatabaseSync(file)
  try {
    return worldIn(database)
  } catch (problem) {
    database.close()
    throw new Error(
      `the simulated world ${file} is damaged (${(problem as Error).message}); remove it with its -wal and -shm: nothing in it was promised, and its machines are recreated`,
      { cause: problem },
    )
  }
}

/** With its tables. Throws where a page of it is not what it was. */
function prepare(database: DatabaseSync): void {
  database.exec(`pragma journal_mode = wal; pragma synchronous = off;
    create table if not exists cluster (id text primary key, body text not null);
    create table if not exists snapshot (
      cluster text not null, id text not null, body text not null, primary key (cluster, id));
    create table if not exists counter (name text primary key, value integer not null)`)
  const said = database.prepare('pragma quick_check(1)').get()?.['quick_check']
  if (said !== 'ok') throw new Error(String(said).replaceAll('\n', ' '))
}

function worldIn(database: DatabaseSync): World {
  prepare(database)
  const select = database.prepare('select body from cluster where id = ?')
  const selectAll = database.prepare('select body from cluster order by id')
  const upsert = database.prepare(
    'insert into cluster (id, body) values (?, ?) on conflict (id) do update set body = excluded.body',
  )
  const drop = database.prepare('delete from cluster where id = ?')
  const parse = (row: Record<string, unknown>) => upgraded(JSON.parse(String(row['body'])))
  selectAll.all().map(parse)
  let writes = 0
  // Nobody else writes to the file, so what was read or written last is what it holds, or will with the end of the turn.
  const known = new Map<string, WorldCluster | undefined>()
  const write = (cluster: WorldCluster) => {
    upsert.run(cluster.id, JSON.stringify(cluster))
  }
  const together = turnWrites(database, write, () => known.clear())
  const know = (id: string, cluster: WorldCluster | undefined) => {
    if (known.size >= KNOWN_MAX) {
      // Nothing is forgotten that is not in the file yet.
      together.end()
      known.clear()
    }
    known.set(id, cluster)
    return cluster
  }
  const written = () => {
    together.end()
    writes++
  }
  return {
    ...snapshotsIn(database, written),
    ...addressesIn(database, { written, taken: () => void writes++ }),
    find(id) {
      if (known.has(id)) return known.get(id)
      const row = select.get(id)
      return know(id, row && parse(row))
    },
    all() {
      together.end()
      return selectAll.all().map(parse)
    },
    put(cluster) {
      written()
      write(cluster)
      know(cluster.id, cluster)
    },
    putTogether(cluster) {
      writes++
      know(cluster.id, cluster)
      return together.add(cluster)
    },
    remove(id) {
      written()
      know(id, undefined)
      drop.run(id)
    },
    clear() {
      written()
      known.clear()
      database.exec('delete from cluster; delete from snapshot')
    },
    get writes() {
      return writes
    },
    close() {
      together.end()
      database.close()
    },
  }
}

function addressesIn(
  database: DatabaseSync,
  { written, taken }: { readonly written: () => void; readonly taken: () => void },
): Pick<World, 'nextAddress' | 'skipAddresses'> {
  const count = database.prepare(`insert into counter (name, value) values ('address', 1)
    on conflict (name) do update set value = value + 1 returning value`)
  const skip = database.prepare(`insert into counter (name, value) values ('address', ?)
    on conflict (name) do update set value = max(value, excluded.value)`)
  return {
    nextAddress() {
      // For a cluster that is put next, and with that.
      taken()
      return Number(count.get()?.['value'])
    },
    skipAddresses(last) {
      written()
      skip.run(last)
    },
  }
}

interface TurnWrites {
  /** Resolves when it is written. */
  add(cluster: WorldCluster): Promise<void>
  /** What was added is written, or refused to those who did. */
  end(): void
}

/** What is added in one turn of the event loop is written by its end: a transaction of its own costs each write several times as much. */
function turnWrites(
  database: DatabaseSync,
  write: (cluster: WorldCluster) => void,
  onFailed: () => void,
): TurnWrites {
  let waiting = new Map<string, WorldCluster>()
  let ending = Promise.withResolvers<void>()
  const end = () => {
    if (waiting.size === 0) return
    const [clusters, ended] = [[...waiting.values()], ending]
    waiting = new Map()
    ending = Promise.withResolvers<void>()
    try {
      if (clusters.length > 1) database.exec('begin immediate')
      for (const cluster of clusters) write(cluster)
      if (clusters.length > 1) database.exec('commit')
      ended.resolve()
    } catch (problem) {
      if (database.isTransaction) database.exec('rollback')
      onFailed()
      ended.reject(problem)
    }
  }
  return {
    add(cluster) {
      if (waiting.size === 0) process.nextTick(end)
      waiting.set(cluster.id, cluster)
      return ending.promise
    },
    end,
  }
}

function snapshotsIn(
  database: DatabaseSync,
  written: () => void,
): Pick<World, 'findSnapshot' | 'snapshots' | 'putSnapshot' | 'removeSnapshot'> {
  const select = database.prepare('select body from snapshot where cluster = ? and id = ?')
  const selectAll = database.prepare('select body from snapshot order by cluster, id')
  const upsert = database.prepare(
    'insert into snapshot (cluster, id, body) values (?, ?, ?) on conflict (cluster, id) do update set body = excluded.body',
  )
  const drop = database.prepare('delete from snapshot where cluster = ? and id = ?')
  const parse = (row: Record<string, unknown>) => JSON.parse(String(row['body'])) as WorldSnapshot
  return {
    findSnapshot({ cluster, snapshot }) {
      const row = select.get(cluster, snapshot)
      return row && parse(row)
    },
    snapshots: () => selectAll.all().map(parse),
    putSnapshot(it) {
      written()
      upsert.run(it.cluster, it.snapshot, JSON.stringify(it))
    },
    removeSnapshot({ cluster, snapshot }) {
      written()
      drop.run(cluster, snapshot)
    },
  }
}
