/**
 * The copy of a database file is opened once, by itself: it has to have the objects that the engine knew at that moment. The
 * password that was given to this instance is forgotten in it, so that an instance that begins with it takes its own.
 */
import type { DuckDBConnection } from '@duckdb/node-api'
import { physicalName } from '../catalog/catalog.ts'
import type { Catalog } from '../catalog/catalog.ts'
import { isIn } from '../catalog/volume-catalog.ts'
import { BLOCK_BYTES } from '../storage/database-file.ts'
import type { Duck } from '../storage/duck.ts'
import { withoutGiven } from './instance-user.ts'

export interface SnapshotTable {
  readonly database: string
  readonly table: string
  readonly rows: number
  readonly bytes: number
}

/** As many as a listing of the snapshot names; the others are in it as well. */
export const TABLES_MAX = 1000

/** Throws when the copy is not what `catalog` says. Its log is in its file when it resolves. */
export async function finishCopy(
  { openCopy }: Pick<Duck, 'openCopy'>,
  path: string,
  it: CopiedCatalog,
): Promise<readonly SnapshotTable[]> {
  const { catalog, volume } = it
  const copy = await openCopy(path)
  const connection = await copy.connect()
  try {
    await checkObjects(connection, it)
    const users = volume === undefined ? catalog.users() : []
    for (const user of users) {
      const fresh = withoutGiven(user)
      if (fresh === user) continue
      await connection.run('UPDATE emrys.object SET document = $1 WHERE id = $2', [
        JSON.stringify(fresh),
        BigInt(user.id),
      ])
    }
    const tables = await tablesIn(connection, it)
    await connection.run('CHECKPOINT')
    return tables
  } finally {
    connection.closeSync()
    copy.close()
  }
}

interface CopiedCatalog {
  readonly catalog: Catalog
  /** Of a file that is a storage volume's. */
  readonly volume: number | undefined
}

async function checkObjects(
  connection: DuckDBConnection,
  { catalog, volume }: CopiedCatalog,
): Promise<void> {
  const result = await connection.run('SELECT count(*) FROM emrys.object')
  const [row] = await result.getRows()
  const found = Number(row?.[0])
  const all = [...catalog.entries.values()]
  const wanted = volume === undefined ? all : all.filter((entry) => isIn(entry, volume))
  if (found !== wanted.length)
    throw new Error(`the copy has ${found} objects, and ${wanted.length} were there`)
}

/** Each is read as far as its rows are counted. A block that tables share counts for each of them. */
async function tablesIn(
  connection: DuckDBConnection,
  { catalog, volume }: CopiedCatalog,
): Promise<readonly SnapshotTable[]> {
  const all = catalog.databases().flatMap(({ id, name: database }) =>
    catalog.relations(id).flatMap((relation) => {
      if (relation.kind === 'view' || relation.volume !== volume) return []
      return [{ database, relation }]
    }),
  )
  const tables: SnapshotTable[] = []
  for (const { database, relation } of all.slice(0, TABLES_MAX)) {
    const { volume: _its, ...alone } = relation
    const name = physicalName(alone)
    const result = await connection.run(
      `SELECT (SELECT count(*) FROM ${name}),
        (SELECT count(DISTINCT block_id) FROM pragma_storage_info('${name}') WHERE block_id >= 0)`,
    )
    const [row] = await result.getRows()
    const [rows = 0, blocks = 0] = (row ?? []).map(Number)
    tables.push({ database, table: relation.name, rows, bytes: blocks * BLOCK_BYTES })
  }
  return tables
}
