/**
 * The catalog on disk: one row per object in `emrys.object` of the database file, written in the same DuckDB transaction
 * as the data that changes with it. Readers see the catalog of the last commit; a change that fails leaves no trace.
 *
 * Changes are made one at a time (storage/write-mutex.ts), so that no row needs a lock or a revision.
 */
import { SqlError } from '../session.ts'
import { catalogOf } from './catalog.ts'
import type { Catalog, Entry } from './catalog.ts'
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
}

export interface CatalogStore {
  readonly current: Catalog
  /** One transaction on `link`: what `work` does to data and draft is committed together, or not at all. */
  change<T>(link: Link, work: (draft: Draft) => Promise<T>): Promise<T>
}

/** StarRocks' first user object has an id of this size too. */
const FIRST_ID = 10_001

/** The rows of `emrys.object` that exist for the store itself. */
const SCHEMA = `
  CREATE SCHEMA IF NOT EXISTS emrys;
  CREATE SCHEMA IF NOT EXISTS data;
  CREATE SCHEMA IF NOT EXISTS stage;
  CREATE TABLE IF NOT EXISTS emrys.object (id BIGINT NOT NULL, document VARCHAR NOT NULL);
  CREATE TABLE IF NOT EXISTS emrys.counter (next_id BIGINT NOT NULL);
`

export async function openCatalogStore(link: Link, writing: WriteMutex): Promise<CatalogStore> {
  await inTransaction(link, async () => {
    await link.run(SCHEMA)
    await link.run(
      `INSERT INTO emrys.counter SELECT ${FIRST_ID} WHERE NOT EXISTS (FROM emrys.counter)`,
    )
  })
  const entries = new Map<number, Entry>()
  for (const [id, document] of await link.rows(
    'SELECT id, document FROM emrys.object ORDER BY id',
  )) {
    entries.set(Number(id), JSON.parse(String(document)) as Entry)
  }
  const [counter] = await link.rows('SELECT next_id FROM emrys.counter')
  let nextId = Number(counter?.[0])
  let current = catalogOf(entries, 1)

  return {
    get current() {
      return current
    },
    change: (changing, work) =>
      writing.withLock(async () => {
        const draft = draftOf(current, nextId)
        const answer = await inTransaction(changing, async () => {
          const value = await work(draft)
          await write(changing, draft)
          return value
        })
        nextId = draft.nextId
        current = draft.changed.size > 0 ? draft.catalog : current
        return answer
      }, changing.patience),
  }
}

interface OpenDraft extends Draft {
  readonly changed: ReadonlyMap<number, Entry | undefined>
  readonly nextId: number
  readonly firstId: number
}

function draftOf(base: Catalog, firstId: number): OpenDraft {
  const changed = new Map<number, Entry | undefined>()
  let nextId = firstId
  let catalog: Catalog | undefined = base
  const after = () => {
    const entries = new Map(base.entries)
    for (const [id, entry] of changed) {
      if (entry) entries.set(id, entry)
      else entries.delete(id)
    }
    return catalogOf(entries, base.version + 1)
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
  }
}

/** A document over this is refused: it is read whole at every open. */
const DOCUMENT_CHARACTERS_MAX = 16_000_000

async function write(link: Link, draft: OpenDraft): Promise<void> {
  for (const [id, entry] of draft.changed) {
    await link.run('DELETE FROM emrys.object WHERE id = $1', [BigInt(id)])
    if (!entry) continue
    const document = JSON.stringify(entry)
    if (document.length > DOCUMENT_CHARACTERS_MAX) {
      throw new SqlError('The definition of this object is too large')
    }
    await link.run('INSERT INTO emrys.object VALUES ($1, $2)', [BigInt(id), document])
  }
  if (draft.nextId !== draft.firstId) {
    await link.run('UPDATE emrys.counter SET next_id = $1', [BigInt(draft.nextId)])
  }
}
