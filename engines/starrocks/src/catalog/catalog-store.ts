/**
 * The catalog on disk: one row per object in `emrys.object` of the database file, written in the same DuckDB transaction
 * as the data that changes with it. Readers see the catalog of the last commit; a change that fails leaves no trace.
 *
 * Changes are made one at a time (storage/write-mutex.ts), so that no row needs a lock or a revision.
 *
 * A transaction of DuckDB's writes into one database only. The objects of a storage volume stand in the volume's own database, beside
 * their rows, and a copy of them in the instance's; where they differ after a crash, the volume is right (volume-catalog.ts). So a change
 * is decided by its first transaction, which has all rows of it, and the others follow.
 */
import { parseJson } from '../../../../src/kernel/json-name.ts'
import { SqlError } from '../session.ts'
import { catalogOf } from './catalog.ts'
import type { Catalog, Entry } from './catalog.ts'
import { placeOf } from './volume.ts'
import { takeVolumeIn } from './volume-catalog.ts'
import { inTransaction } from '../storage/link.ts'
import type { Link } from '../storage/link.ts'
import type { WriteMutex } from '../storage/write-mutex.ts'

/** A change under way: reads see what was already put. */
export interface Draft {
  readonly catalog: Catalog
  /** An id never given before, also after drops and restarts. */
  newId(): number
  put(entry: Entry): void
  remove(id: number): void
  /** Rows are about to be written into this storage volume; undefined is the instance's own. Throws SqlError for a second one. */
  enter(volume: number | undefined): void
  /** What is to be done in another volume once the change is decided. */
  afterwards(volume: number, work: (link: Link) => Promise<void>): void
}

export interface CatalogStore {
  readonly current: Catalog
  /** What `work` does to data and draft is committed together, or not at all. */
  change<T>(link: Link, work: (draft: Draft) => Promise<T>): Promise<T>
  /** The objects of a volume are what its own database says. */
  takeIn(volume: number): Promise<void>
}

/** The databases of volumes. */
export interface VolumeGate {
  /** Throws SqlError that says why nothing can be written into a volume. */
  demand(volume: number): void
  /** For what follows a change that is decided: no statement's end stops it. */
  readonly link: Link
}

/** StarRocks' first user object has an id of this size too. */
const FIRST_ID = 10_001

/** The schemas and tables that exist for the store itself. */
export const schemaSql = (volume?: number): string => {
  const place = placeOf(volume)
  return `
  CREATE SCHEMA IF NOT EXISTS ${place}emrys;
  CREATE SCHEMA IF NOT EXISTS ${place}data;
  CREATE SCHEMA IF NOT EXISTS ${place}stage;
  CREATE TABLE IF NOT EXISTS ${place}emrys.object (id BIGINT NOT NULL, document VARCHAR NOT NULL);
  CREATE TABLE IF NOT EXISTS ${place}emrys.counter (next_id BIGINT NOT NULL);
  CREATE TABLE IF NOT EXISTS ${place}emrys.load (id BIGINT NOT NULL, document VARCHAR NOT NULL);
  INSERT INTO ${place}emrys.counter SELECT ${FIRST_ID} WHERE NOT EXISTS (FROM ${place}emrys.counter);
`
}

export async function openCatalogStore(
  link: Link,
  writing: WriteMutex,
  volumes: VolumeGate,
): Promise<CatalogStore> {
  await inTransaction(link, () => link.run(schemaSql()))
  const entries = new Map<number, Entry>()
  for (const [id, document] of await link.rows(
    'SELECT id, document FROM emrys.object ORDER BY id',
  )) {
    entries.set(Number(id), parseJson(String(document)) as Entry)
  }
  const [counter] = await link.rows('SELECT next_id FROM emrys.counter')
  let nextId = Number(counter?.[0])
  let current = catalogOf(entries, 1)
  const accept = (draft: OpenDraft) => {
    nextId = draft.nextId
    current = draft.changed.size > 0 ? draft.catalog : current
  }

  return {
    get current() {
      return current
    },
    change: (changing, work) =>
      writing.withLock(async () => {
        const draft = draftOf(current, nextId)
        let homes: readonly Home[] = []
        const answer = await inTransaction(changing, async () => {
          const value = await work(draft)
          homes = draft.homes()
          for (const home of homes) if (home !== undefined) volumes.demand(home)
          await write(changing, draft, homes[0])
          return value
        })
        accept(draft)
        for (const home of homes) if (home !== undefined) changing.cancellation?.touched?.(home)
        for (const home of homes.slice(1))
          await inTransaction(volumes.link, async () => {
            for (const follow of draft.later(home)) await follow(volumes.link)
            await write(volumes.link, draft, home)
          })
        return answer
      }, changing.cancellation),
    takeIn: (volume) =>
      writing.withLock(async () => {
        const draft = draftOf(current, nextId)
        const { link: following } = volumes
        draft.skipTo(await inTransaction(following, () => takeVolumeIn(following, draft, volume)))
        await inTransaction(following, () => write(following, draft, undefined))
        accept(draft)
      }),
  }
}

/** Where an object is kept: in a volume, or with the instance. */
type Home = number | undefined

interface OpenDraft extends Draft {
  readonly changed: ReadonlyMap<number, Entry | undefined>
  readonly nextId: number
  readonly firstId: number
  /** Where it writes; the first one decides. */
  homes(): readonly Home[]
  homeOf(id: number): Home
  later(home: Home): readonly ((link: Link) => Promise<void>)[]
  skipTo(nextId: number): void
}

function draftOf(base: Catalog, firstId: number): OpenDraft {
  const changed = new Map<number, Entry | undefined>()
  const later = new Map<Home, ((link: Link) => Promise<void>)[]>()
  let nextId = firstId
  let catalog: Catalog | undefined = base
  let entered: { readonly volume: Home } | undefined
  const after = () => {
    const entries = new Map(base.entries)
    for (const [id, entry] of changed) {
      if (entry) entries.set(id, entry)
      else entries.delete(id)
    }
    return catalogOf(entries, base.version + 1)
  }
  const homeOf = (id: number): Home => {
    const entry = changed.get(id) ?? base.entries.get(id)
    return entry?.kind === 'table' || entry?.kind === 'materialized view' ? entry.volume : undefined
  }
  return {
    changed,
    firstId,
    get nextId() {
      return nextId
    },
    get catalog() {
      catalog ??= after()
      return catalog
    },
    newId: () => nextId++,
    put(entry) {
      changed.set(entry.id, entry)
      catalog = undefined
    },
    remove(id) {
      changed.set(id, undefined)
      catalog = undefined
    },
    enter(volume) {
      if (entered && entered.volume !== volume)
        throw new SqlError('A statement writes into tables of one storage volume only')
      entered = { volume }
    },
    afterwards(volume, work) {
      later.set(volume, [...(later.get(volume) ?? []), work])
    },
    homes() {
      const others = [...changed.keys()].map(homeOf).filter((home) => home !== undefined)
      const main = changed.size > 0 || nextId !== firstId ? [undefined] : []
      const first = entered ? [entered.volume] : later.size > 0 ? [undefined] : []
      return [...new Set([...first, ...others, ...later.keys(), ...main])]
    },
    homeOf,
    later: (home) => later.get(home) ?? [],
    skipTo(next) {
      nextId = Math.max(nextId, next)
    },
  }
}

/** A document over this is refused: it is read whole at every open. */
const DOCUMENT_CHARACTERS_MAX = 16_000_000

/** Rows that one statement writes: so many at most, and none more once they are so many characters. */
const BATCH_ROWS = 250
const BATCH_CHARACTERS = 1_000_000

async function write(link: Link, draft: OpenDraft, home: Home): Promise<void> {
  const place = placeOf(home)
  let ids: number[] = []
  let rows: (bigint | string)[] = []
  let characters = 0
  const flush = async (): Promise<void> => {
    if (ids.length > 0)
      await link.run(`DELETE FROM ${place}emrys.object WHERE id IN (${ids.join(', ')})`)
    if (rows.length > 0)
      await link.run(`INSERT INTO ${place}emrys.object VALUES ${placesFor(rows.length / 2)}`, rows)
    ids = []
    rows = []
    characters = 0
  }
  for (const [id, entry] of draft.changed) {
    if (home !== undefined && draft.homeOf(id) !== home) continue
    ids.push(id)
    if (entry) {
      const document = documentOf(entry)
      rows.push(BigInt(id), document)
      characters += document.length
    }
    if (ids.length >= BATCH_ROWS || characters >= BATCH_CHARACTERS) await flush()
  }
  await flush()
  if (draft.nextId !== draft.firstId) {
    await link.run(`UPDATE ${place}emrys.counter SET next_id = $1`, [BigInt(draft.nextId)])
  }
}

const placesFor = (rows: number): string =>
  Array.from({ length: rows }, (_, row) => `($${2 * row + 1}, $${2 * row + 2})`).join(', ')

function documentOf(entry: Entry): string {
  const document = JSON.stringify(entry)
  if (document.length > DOCUMENT_CHARACTERS_MAX)
    throw new SqlError('The definition of this object is too large')
  return document
}
