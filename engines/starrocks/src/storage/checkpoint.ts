/**
 * Moving the log into the database's file: to hold the file for a copy, and, where the file is shipped, whenever the shipper asks for it.
 * A shipped file is written into at no other time, so that file and log are a pair that a crash could have left.
 */
import { statSync } from 'node:fs'
import type { UsedBlocks } from '../volume/piece-shipper.ts'
import type { ShippedDatabase } from '../volume/shipper.ts'
import { literal } from '../sql/quote.ts'
import type { Link } from './link.ts'

/** DuckDB's own: a log of this size is moved into the file. */
export const CHECKPOINT_AT = '16MiB'
/** No log comes so far. */
export const CHECKPOINT_NEVER = '1000TB'

/** The first `bytes` of the file are the database as it was when it was held. */
export interface HeldFile {
  readonly path: string
  readonly bytes: number
  release(): Promise<void>
}

export interface Checkpoints {
  hold(): Promise<HeldFile>
  readonly shipped: ShippedDatabase
}

/** `database` is DuckDB's name of it; that of the connection without it. */
export function checkpointsOf(
  control: Link,
  {
    path,
    isShipped,
    database,
  }: { readonly path: string; readonly isShipped: boolean; readonly database?: string },
): Checkpoints {
  let epoch = 0
  let isHeld = false
  let atCheckpoint: UsedBlocks | undefined
  const checkpoint = async (): Promise<void> => {
    epoch++
    atCheckpoint = undefined
    await control.run(`CHECKPOINT ${database ?? ''}`)
    if (isShipped) atCheckpoint = { epoch, blocks: await usedBlocks(control, database) }
  }
  const release = async (): Promise<void> => {
    isHeld = false
    if (!isShipped) await control.run(`SET checkpoint_threshold = '${CHECKPOINT_AT}'`)
  }
  return {
    async hold() {
      await control.run(`SET checkpoint_threshold = '${CHECKPOINT_NEVER}'`)
      try {
        await checkpoint()
        // Were a part of the data in the log, the file alone would not be the database.
        if (bytesOnDisk(`${path}.wal`) > 0)
          throw new Error('the log could not be moved into the file')
        isHeld = true
        return { path, bytes: bytesOnDisk(path), release }
      } catch (error) {
        await release().catch(() => undefined)
        throw error
      }
    },
    shipped: {
      epoch: () => epoch,
      async checkpoint() {
        if (isHeld) return false
        await checkpoint()
        return true
      },
      async usedBlocks() {
        const before = epoch
        const blocks = await usedBlocks(control, database)
        // Of two epochs it is of none.
        return { epoch: before === epoch ? before : -1, blocks }
      },
      usedAtCheckpoint: () => atCheckpoint,
    },
  }
}

export function bytesOnDisk(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0
}

/** Of rows that are committed. Blocks of indexes and of the tables' descriptions are not among them. */
async function usedBlocks(
  control: Link,
  database: string | undefined,
): Promise<ReadonlySet<number>> {
  const name = database === undefined ? 'current_database()' : literal(database)
  const tables = await control.rows(
    `SELECT format('{:s}.{:s}.{:s}', database_name, schema_name, table_name) FROM duckdb_tables()
      WHERE database_name = ${name} AND NOT temporary`,
  )
  const blocks = new Set<number>()
  for (const [table] of tables) {
    const rows = await control.rows(
      `SELECT DISTINCT unnest([block_id] || coalesce(additional_block_ids, []))
        FROM pragma_storage_info(${literal(String(table))}) WHERE persistent`,
    )
    for (const [block] of rows) if (Number(block) >= 0) blocks.add(Number(block))
  }
  return blocks
}
