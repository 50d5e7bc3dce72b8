/** Catalogs that a Hive metastore keeps: its tables are read from the instance's own object storage, and nowhere else. */
import { unsupportedByEngine } from '../sql/sql-error.ts'
import { demandMetastores, hiveMetastore } from './hive-metastore.ts'
import { hiveTable } from './hive-table.ts'
import type { LakeCatalog } from './lake-table.ts'
import type { LakeSource } from './object.ts'

export interface HiveOptions {
  /** Of one metastore, or of several, with commas between. */
  readonly uris: string
  readonly isRecursive: boolean
}

export function hiveCatalog(source: LakeSource, { uris, isRecursive }: HiveOptions): LakeCatalog {
  const metastore = hiveMetastore(demandMetastores(source.objects.options, uris))
  return {
    databases: () => metastore.databases(),
    tables: (database) => metastore.tables(database),
    async table({ database, table: name, version, inspected }) {
      if (inspected !== undefined) return undefined
      const found = await metastore.table(database, name)
      if (!found) return undefined
      if (version !== undefined) throw unsupportedByEngine('Time travel in a Hive table')
      return hiveTable(source, { metastore, database, name, isRecursive }, found)
    },
  }
}
