/** Composition root, its part for `emrys store copy`: a data directory into the database of several servers, and back. */
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../config/config.ts'
import { markOf } from '../store/commit-mark.ts'
import { compareTables, copyTables, highest, isUnused, type Compared } from '../store/copy.ts'
import {
  DATABASE,
  nameServer,
  newServerName,
  openDataDirectory,
  openServerDirectory,
  SERVER,
} from '../store/data-directory.ts'
import type { PostgresAddress } from '../store/postgres/address.ts'
import type { Session } from '../store/postgres/session.ts'
import type { Store } from '../store/port.ts'
import type { Row } from '../store/sql/connection.ts'
import { adopt } from '../store/sqlite/acceptance.ts'
import { connect } from '../store/sqlite/connection.ts'
import { openSqliteStore, openWriter } from '../store/sqlite/store.ts'
import { openWorld } from '../substrate/simulation/world.ts'
import { putRecord, recordId } from './shared/state.ts'
import {
  jsonOf,
  partOf,
  SIMULATED_ADDRESSES,
  WORLD,
  worldNames,
  type WorldPart,
} from './shared/world.ts'
import { loginOf, openShared, proofIn, prove } from './store.ts'
import { decoders } from './vendor.ts'

export interface StoreCopy {
  readonly dataDir: string
  readonly address: PostgresAddress
  readonly config: Pick<Config, 'storePasswordFile'>
}

const WORLD_FILE = 'simulation.db'
/** What runs on the machine of the directory. */
const LOCAL = 'local'

/** Into a database without anything in it. From then on the directory is that of one of its servers. Throws a sentence. */
export async function copyToDatabase(it: StoreCopy): Promise<readonly Compared[]> {
  const directory = openDataDirectory(it.dataDir)
  try {
    const file = directory.file(DATABASE)
    if (!existsSync(file)) throw new Error(`there is no database in ${it.dataDir}`)
    // Holds it to its mark, and brings it up to date.
    await openSqliteStore(file, { decode: decoders }).close()
    return await withDatabase(it, async (store, session) => {
      if (!(await isUnused(session)) || (await proofIn(store)) !== undefined)
        throw new Error('the database is not empty; a data directory goes into a new one')
      const server = newServerName()
      const from = connect(file, { readOnly: true })
      try {
        const parts = { from, to: session, carry: moved(LOCAL, `${LOCAL}@${server}`) }
        await session.exec('begin')
        await copyTables(parts)
        for (const [table, top] of await highest(from))
          await session.all(`select setval(pg_get_serial_sequence(?, 'seq'), ?)`, [table, top + 1])
        await session.exec('commit')
        const compared = await compareTables(parts)
        await copyWorld(directory.file(WORLD_FILE), store)
        await prove(store, directory)
        nameServer(it.dataDir, server)
        return compared
      } finally {
        from.close()
      }
    })
  } finally {
    directory.release()
  }
}

/** Into the directory of one of the database's servers, of which none runs. From then on it is a data directory of its own. Throws a sentence. */
export function copyFromDatabase(it: StoreCopy): Promise<readonly Compared[]> {
  return withDatabase(it, async (store, session) => {
    if (existsSync(join(it.dataDir, DATABASE)))
      throw new Error(
        `${it.dataDir} has a database already; move ${DATABASE}, ${markOf(DATABASE)} and ${WORLD_FILE} away`,
      )
    const known = await proofIn(store)
    if (known === undefined) throw new Error('no server has ever used the database')
    const directory = openServerDirectory(it.dataDir, { init: false, known })
    const file = directory.file(DATABASE)
    try {
      await requireNoOtherHome(session, directory.server)
      const compared = await fill(file, session, moved(`${LOCAL}@${directory.server}`, LOCAL))
      adopt(file)
      await readWorld(store, directory.file(WORLD_FILE))
      directory.forget(SERVER)
      return compared
    } catch (problem) {
      for (const each of [
        DATABASE,
        `${DATABASE}-wal`,
        `${DATABASE}-shm`,
        markOf(DATABASE),
        WORLD_FILE,
      ])
        rmSync(directory.file(each), { force: true })
      throw problem
    } finally {
      directory.release()
    }
  })
}

async function fill(
  file: string,
  from: Session,
  carry: (table: string, row: Row) => Row,
): Promise<readonly Compared[]> {
  const to = openWriter(file)
  try {
    await from.exec('begin isolation level repeatable read read only')
    to.exec('begin immediate')
    await copyTables({ from, to, carry })
    to.exec('commit')
    return await compareTables({ from, to, carry })
  } finally {
    await from.exec('rollback')
    to.close()
  }
}

/** `work` has the database to itself. */
async function withDatabase<T>(
  { address, config }: StoreCopy,
  work: (store: Store, session: Session) => Promise<T>,
): Promise<T> {
  const { openSession } = await import('../store/postgres/session.ts')
  const session = await openSession(loginOf(config, address))
  try {
    const others = await session.first(
      `select count(*) as count from pg_stat_activity
        where datname = current_database() and application_name = 'emrys' and pid <> pg_backend_pid()`,
      [],
    )
    if (Number(others?.['count']) > 0)
      throw new Error('a server is using the database; stop every one of them first')
    const store = await openShared(config, address, { decode: decoders, server: () => '' })
    try {
      return await work(store, session)
    } finally {
      await store.close()
    }
  } finally {
    await session.end()
  }
}

async function requireNoOtherHome(session: Session, server: string): Promise<void> {
  const other = await session.first(
    `select id, home from document where kind = 'cluster' and home not in ('', ?) limit 1`,
    [server],
  )
  if (other)
    throw new Error(
      `${String(other['id'])} runs on the machine of ${String(other['home'])}; release it, or copy into that server's data directory`,
    )
}

/** What ran on this machine continues there, under the name that its substrate has in the other store. */
function moved(from: string, to: string): (table: string, row: Row) => Row {
  return (table, row) => {
    if (table !== 'document' || (row['kind'] !== 'cluster' && row['kind'] !== 'backup')) return row
    const body = JSON.parse(String(row['body'])) as { readonly substrate?: string }
    if (body.substrate !== from) return row
    const home = row['kind'] === 'cluster' ? (to.split('@')[1] ?? '') : ''
    return { ...row, home, body: JSON.stringify({ ...body, substrate: to }) }
  }
}

async function copyWorld(file: string, store: Store): Promise<void> {
  if (!existsSync(file)) return
  const world = openWorld(file)
  const parts = new Map<string, WorldPart>()
  for (const cluster of world.all()) parts.set(cluster.id, { cluster, snapshots: [] })
  for (const it of world.snapshots()) {
    const { cluster, snapshots } = parts.get(it.cluster) ?? { cluster: undefined, snapshots: [] }
    parts.set(it.cluster, { cluster, snapshots: [...snapshots, it] })
  }
  const next = world.nextAddress()
  world.close()
  await store.write((tx) => tx.count(SIMULATED_ADDRESSES, next))
  for (const [id, part] of parts) await store.write((tx) => putRecord(tx, WORLD, id, jsonOf(part)))
}

async function readWorld(store: Store, file: string): Promise<void> {
  const world = openWorld(file)
  try {
    for (const id of await worldNames(store)) {
      const found = await store.read((tx) => tx.findById('record', recordId(WORLD, id)))
      const { cluster, snapshots } = partOf(found?.document.value)
      if (cluster) world.put(cluster)
      for (const each of snapshots) world.putSnapshot(each)
    }
    world.skipAddresses(await store.read((tx) => tx.counted(SIMULATED_ADDRESSES)))
  } finally {
    world.close()
  }
}
