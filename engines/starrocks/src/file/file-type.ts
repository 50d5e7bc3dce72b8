/** StarRocks' types of what DuckDB finds in a file, and how its values become StarRocks'. reference: StarRocks be, parquet_schema_builder.cpp */
import { DuckDBTypeId } from '@duckdb/node-api'
import type { DuckDBType } from '@duckdb/node-api'
import { plainMapType, wrapMaps } from '../sql/map-key.ts'
import { literal } from '../sql/quote.ts'
import { maxVarcharLength } from '../sql/type.ts'
import type { SqlType } from '../sql/type.ts'

export const fileText: SqlType = { kind: 'varchar', length: maxVarcharLength }

const kinds: Readonly<Partial<Record<DuckDBTypeId, SqlType>>> = {
  [DuckDBTypeId.BOOLEAN]: { kind: 'boolean' },
  [DuckDBTypeId.TINYINT]: { kind: 'tinyint' },
  [DuckDBTypeId.SMALLINT]: { kind: 'smallint' },
  [DuckDBTypeId.INTEGER]: { kind: 'int' },
  [DuckDBTypeId.BIGINT]: { kind: 'bigint' },
  [DuckDBTypeId.HUGEINT]: { kind: 'largeint' },
  [DuckDBTypeId.UTINYINT]: { kind: 'smallint' },
  [DuckDBTypeId.USMALLINT]: { kind: 'int' },
  [DuckDBTypeId.UINTEGER]: { kind: 'bigint' },
  [DuckDBTypeId.UBIGINT]: { kind: 'largeint' },
  [DuckDBTypeId.FLOAT]: { kind: 'float' },
  [DuckDBTypeId.DOUBLE]: { kind: 'double' },
  [DuckDBTypeId.DATE]: { kind: 'date' },
  [DuckDBTypeId.TIMESTAMP]: { kind: 'datetime' },
  [DuckDBTypeId.TIMESTAMP_S]: { kind: 'datetime' },
  [DuckDBTypeId.TIMESTAMP_MS]: { kind: 'datetime' },
  [DuckDBTypeId.TIMESTAMP_NS]: { kind: 'datetime' },
  [DuckDBTypeId.TIMESTAMP_TZ]: { kind: 'datetime' },
  [DuckDBTypeId.BLOB]: { kind: 'varbinary', length: maxVarcharLength },
}

/** What StarRocks has no type for is text. */
export function fileType(type: DuckDBType): SqlType {
  if (type.typeId === DuckDBTypeId.DECIMAL)
    return { kind: 'decimal', precision: type.width, scale: type.scale }
  if (type.typeId === DuckDBTypeId.LIST || type.typeId === DuckDBTypeId.ARRAY)
    return { kind: 'array', element: fileType(type.valueType) }
  if (type.typeId === DuckDBTypeId.MAP)
    return { kind: 'map', key: fileType(type.keyType), value: fileType(type.valueType) }
  if (type.typeId === DuckDBTypeId.STRUCT) {
    const fields = type.entryNames.flatMap((name, index) => {
      const entry = type.entryTypes[index]
      return entry ? [{ name, type: fileType(entry) }] : []
    })
    return { kind: 'struct', fields }
  }
  return type.alias === 'JSON' ? { kind: 'json' } : (kinds[type.typeId] ?? fileText)
}

/** A value of a file's column as the engine keeps values of its type; moments with a zone become those of the session's. */
export function fileValue(sql: string, from: DuckDBType, to: SqlType, timeZone: string): string {
  const local =
    from.typeId === DuckDBTypeId.TIMESTAMP_TZ ? `timezone(${literal(timeZone)}, ${sql})` : sql
  return wrapMaps(`CAST(${local} AS ${plainMapType(to)})`, to)
}
