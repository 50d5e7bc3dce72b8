/**
 * The simulated world: what would be running. It has a file of its own, because a world does not forget its machines when
 * the control plane is killed. It is not flushed with every write: after loss of power it may be a little behind, as if
 * machines had vanished, and the reconciler puts them back.
 */
import { DatabaseSync } from 'node:sqlite'

export interface WorldNode {
  readonly id: string
  readonly address: string
  readonly publicAddress?: string
}

export interface WorldGroup {
  readonly id: string
  readonly nodes: readonly WorldNode[]
}

export interface WorldCluster {
  readonly id: string
  readonly family: string
  /** `allocating` becomes `prepared`, and `starting` becomes `ready`, by time or looks alone. */
  readonly phase: 'allocating' | 'prepared' | 'starting' | 'ready' | 'stopping'
  readonly generation: number
  /** When the phase began, or the scripts that are running. */
  readonly sinceMs: number
  /** How often it was described since. */
  readonly looks: number
  readonly groups: readonly WorldGroup[]
  /** In the order in which they were started. */
  readonly runs?: readonly WorldRun[]
}

/** A script on a node. What it will end with is known from its start. */
export interface WorldRun {
  readonly script: string
  readonly name: string
  readonly node: string
  readonly startedMs: number
  readonly exitCode: number
  readonly running: boolean
}

export interface World {
  find(id: string): WorldCluster | undefined
  put(cluster: WorldCluster): void
  remove(id: string): void
  /** Nothing is running any more. */
  clear(): void
  /** Addresses handed out so far; only grows. */
  nextAddress(): number
  /** Every write since the world was opened; a restart with nothing changed makes none. */
  readonly writes: number
  close(): void
}

/** `file` may be `:memory:`. */
export function openWorld(file: string): World {
  const database = new DatabaseSync(file)
  database.exec(`pragma journal_mode = wal; pragma synchronous = off;
    create table if not exists cluster (id text primary key, body text not null);
    create table if not exists counter (name text primary key, value integer not null)`)
  const select = database.prepare('select body from cluster where id = ?')
  const upsert = database.prepare(
    'insert into cluster (id, body) values (?, ?) on conflict (id) do update set body = excluded.body',
  )
  const drop = database.prepare('delete from cluster where id = ?')
  const count = database.prepare(`insert into counter (name, value) values ('address', 1)
    on conflict (name) do update set value = value + 1 returning value`)
  let writes = 0
  return {
    find(id) {
      const row = select.get(id)
      return row ? (JSON.parse(String(row['body'])) as WorldCluster) : undefined
    },
    put(cluster) {
      writes++
      upsert.run(cluster.id, JSON.stringify(cluster))
    },
    remove(id) {
      writes++
      drop.run(id)
    },
    clear() {
      writes++
      database.exec('delete from cluster')
    },
    nextAddress() {
      writes++
      return Number(count.get()?.['value'])
    },
    get writes() {
      return writes
    },
    close: () => database.close(),
  }
}
