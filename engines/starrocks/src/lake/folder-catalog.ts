/** Catalogs that are folders in object storage: databases and tables are folders of them, found by the metadata that is in them. */
import type { ObjectPath } from '../storage/object-path.ts'
import { unsupportedByEngine } from '../sql/sql-error.ts'
import { deltaTable } from './delta.ts'
import { icebergTable } from './iceberg.ts'
import type { LakeCatalog } from './lake-table.ts'
import { folderIn, folderOf, namesBelow } from './object.ts'
import type { LakeSource } from './object.ts'

type Format = 'iceberg' | 'deltalake'

/** From the folder of a database on. */
const TABLES: Readonly<Record<Format, string>> = {
  iceberg: '[^/]+/metadata/v[0-9]{1,9}\\.metadata\\.json$',
  deltalake: '[^/]+/_delta_log/[0-9]{20}\\.',
}

/** Objects that one listing may find. */
const LISTED_MAX = 100_000

export function folderCatalog(source: LakeSource, format: Format, warehouse: string): LakeCatalog {
  const root = folderOf(warehouse)
  const list = async (folder: ObjectPath, pattern: string) => {
    const names = await namesBelow(source, folder, pattern, LISTED_MAX)
    return [...new Set(names.map((name) => name.split('/')[0] ?? ''))]
  }
  return {
    // A folder is a database when a table is in it: object storage has no other folders.
    databases: () => list(root, `^[^/]+/${TABLES[format]}`),
    async tables(database) {
      const folder = folderIn(root, database)
      const found = folder ? await list(folder, `^${TABLES[format]}`) : []
      return found.length === 0 ? undefined : found
    },
    async table({ database, table, version, inspected }) {
      const above = folderIn(root, database)
      const folder = above && folderIn(above, table)
      if (!folder) return undefined
      if (format === 'iceberg') {
        const file = await newestMetadata(source, folder)
        return file === undefined
          ? undefined
          : icebergTable(source, { root, folder, file }, { version, inspected })
      }
      if (inspected !== undefined) return undefined
      if (version !== undefined) throw unsupportedByEngine('Time travel in a Delta table')
      return deltaTable(source, root, folder)
    },
  }
}

/** As Iceberg's Hadoop catalog names it: of the largest number. */
async function newestMetadata(source: LakeSource, folder: ObjectPath): Promise<string | undefined> {
  const pattern = '^metadata/v[0-9]{1,9}\\.metadata\\.json$'
  const names = await namesBelow(source, folder, pattern, LISTED_MAX)
  if (names.length === 0) return undefined
  return `v${Math.max(...names.map((name) => Number(/\d+/.exec(name)?.[0])))}.metadata.json`
}
