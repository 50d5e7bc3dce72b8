/**
 * Loads and their labels. A label is taken at most once per database while it is remembered: by a running load (in memory),
 * by a prepared or a finished one (in `emrys.load`, written in the transaction that makes the rows visible).
 * A failed load releases its label. reference: StarRocks documentation, Stream Load, "label"; FE configuration
 * `label_keep_max_second`, `label_keep_max_num`.
 */
import type { Clock } from '../../../../src/kernel/clock.ts'
import type { Link } from '../storage/link.ts'
import { inTransaction } from '../storage/link.ts'
import type { WriteMutex } from '../storage/write-mutex.ts'
import type { LoadSummary } from '../load-sink.ts'
import { placeOf } from './volume.ts'

export interface LoadRecord extends LoadSummary {
  /** How a prepared load is to be applied; undefined once it is finished. */
  readonly plan: PreparedPlan | undefined
  /** Of `user`; older loads and finished ones may have none. */
  readonly userId?: number | undefined
  /** The storage volume of its table: it is kept beside the rows. */
  readonly volume?: number | undefined
  /** Of what runs by itself, as it was asked for; older ones have none. */
  readonly job?: LoadJob | undefined
}

export interface LoadJob {
  readonly timeoutSeconds: number
  readonly maxFilterRatio: number
  readonly priority: string
  /** How many it reads, once that is known. */
  readonly files?: number
}

/** One that begins: nothing is read yet. */
export function newLoad(
  it: Pick<
    LoadRecord,
    | 'id'
    | 'label'
    | 'databaseId'
    | 'tableId'
    | 'volume'
    | 'kind'
    | 'user'
    | 'userId'
    | 'createdMs'
    | 'job'
  >,
): LoadRecord {
  return {
    ...it,
    state: 'PREPARE',
    finishedMs: undefined,
    message: '',
    plan: undefined,
    total: 0,
    loaded: 0,
    filtered: 0,
    unselected: 0,
    bytes: 0,
  }
}

export interface PreparedPlan {
  /** Table in the schema `stage` that holds the accepted rows. */
  readonly stage: string
  readonly columns: readonly string[]
  readonly condition: string | undefined
  readonly deletes: boolean
  readonly timeoutMs: number
}

export interface LabelRegistry {
  newId(): number
  /** The load that holds the label, whatever its state. */
  holder(databaseId: number, label: string): LoadRecord | undefined
  byId(id: number): LoadRecord | undefined
  list(): readonly LoadRecord[]
  /** Takes a free label for a running load: the caller has just found that `holder` answers nothing. */
  reserve(record: LoadRecord): void
  release(record: LoadRecord): void
  /** Those that a storage volume keeps are known from now on. */
  takeIn(link: Link, volume: number): Promise<void>
  /** Within the transaction that the record belongs to, which writes into its volume and has begun with the write mutex. */
  write(link: Link, record: LoadRecord): Promise<void>
  /**
   * The same for a load that is not kept yet, in a transaction that has begun without the mutex: it deletes nothing, for what others have
   * deleted since would be a conflict.
   */
  add(link: Link, record: LoadRecord): Promise<void>
  /** In no transaction: those of this volume that are old go, if there are any, with the write mutex. */
  sweep(link: Link, volume: number | undefined, writing: WriteMutex): Promise<void>
  /** After that transaction was committed. */
  remember(record: LoadRecord): void
}

/** Finished loads kept in memory at most (StarRocks' label_keep_max_num is 1000 per database). */
const RECORDS_MAX = 100_000

/** Ids are given in memory; each opening skips those that the last one may have given. */
const IDS_PER_OPENING = 1_000_000

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS emrys.load_counter (next_id BIGINT NOT NULL);
  INSERT INTO emrys.load_counter SELECT 1000 WHERE NOT EXISTS (FROM emrys.load_counter);
  UPDATE emrys.load_counter SET next_id = next_id + ${IDS_PER_OPENING};
`

export interface LabelOptions {
  readonly clock: Clock
  /** How long a finished label is remembered, in ms; read at each use, for it can be changed while running. */
  retentionMs(): number
}

const tableIn = (volume: number | undefined): string => `${placeOf(volume)}emrys.load`

function expiredOf(
  records: ReadonlyMap<number, LoadRecord>,
  isOld: (record: LoadRecord) => boolean,
): LoadRecord[] {
  const old: LoadRecord[] = []
  const surplus = records.size - RECORDS_MAX
  // Insertion order is order of finishing: the first one that is young ends the search.
  for (const record of records.values()) {
    if (record.finishedMs === undefined) continue
    if (!isOld(record) && old.length >= surplus) break
    old.push(record)
  }
  return old
}

async function insert(link: Link, record: LoadRecord): Promise<void> {
  await link.run(`INSERT INTO ${tableIn(record.volume)} VALUES ($1, $2)`, [
    BigInt(record.id),
    JSON.stringify(record),
  ])
}

const remove = (link: Link, volume: number | undefined, ids: readonly number[]) =>
  link.run(`DELETE FROM ${tableIn(volume)} WHERE id IN (${ids.join(', ')})`)

export async function openLabelRegistry(link: Link, options: LabelOptions): Promise<LabelRegistry> {
  await inTransaction(link, () => link.run(SCHEMA))
  const [counter] = await link.rows('SELECT next_id FROM emrys.load_counter')
  let nextId = Number(counter?.[0]) - IDS_PER_OPENING
  const records = new Map<number, LoadRecord>()
  const labels = new Map<string, number>()
  const keyOf = (databaseId: number, label: string) => `${databaseId} ${label}`
  const keep = (record: LoadRecord) => {
    records.delete(record.id)
    records.set(record.id, record)
    labels.set(keyOf(record.databaseId, record.label), record.id)
  }
  const drop = (record: LoadRecord) => {
    records.delete(record.id)
    const key = keyOf(record.databaseId, record.label)
    if (labels.get(key) === record.id) labels.delete(key)
  }
  const isOld = (record: LoadRecord) =>
    record.finishedMs !== undefined &&
    record.finishedMs + options.retentionMs() <= options.clock.now()
  const expired = () => expiredOf(records, isOld)
  const readAll = async (from: Link, volume?: number) => {
    const select = `SELECT document FROM ${tableIn(volume)} ORDER BY id`
    for (const [document] of await from.rows(select))
      keep(JSON.parse(String(document)) as LoadRecord)
  }
  await readAll(link)
  const expiredIn = (volume: number | undefined) =>
    expired().filter((record) => record.volume === volume)

  const holder: LabelRegistry['holder'] = (databaseId, label) => {
    const record = records.get(labels.get(keyOf(databaseId, label)) ?? -1)
    if (!record || record.state === 'ABORTED' || isOld(record)) return undefined
    return record
  }
  return {
    newId: () => nextId++,
    holder,
    byId: (id) => records.get(id),
    list: () => [...records.values()].filter((record) => !isOld(record)),
    reserve: keep,
    release(record) {
      // One that has committed keeps its label, whatever its client was answered.
      if (records.get(record.id)?.state === record.state) drop(record)
    },
    takeIn: readAll,
    async write(writing, record) {
      const old = expiredIn(record.volume).map(({ id }) => id)
      await remove(writing, record.volume, [record.id, ...old])
      await insert(writing, record)
    },
    add: insert,
    async sweep(sweeping, volume, writing) {
      if (expiredIn(volume).length === 0) return
      await writing.withLock(async () => {
        const old = expiredIn(volume)
        const ids = old.map(({ id }) => id)
        if (ids.length > 0) await remove(sweeping, volume, ids)
        for (const record of old) drop(record)
      }, sweeping.cancellation)
    },
    remember(record) {
      for (const old of expired()) drop(old)
      keep(record)
    },
  }
}
