/** User variables are kept as texts: how a value is written as one, and read again. An array is a list of its elements' texts. */
import { literal } from '../sql/quote.ts'
import type { SqlType } from '../sql/type.ts'
import { duckType } from '../sql/type.ts'

/** Longer ones are refused: a session may hold many. */
export const VARIABLE_TEXT_MAX = 1_048_576

const nested: readonly SqlType['kind'][] = ['array', 'map', 'struct', 'json', 'varbinary']
const unkept: readonly SqlType['kind'][] = ['bitmap', 'hll', 'percentile', 'null']

/** Whether this is an array whose elements have texts that read back as they were. */
export const isFlatArray = (type: SqlType): boolean =>
  type.kind === 'array' && ![...nested, ...unkept].includes(type.element.kind)

export const writtenText = (sql: string, type: SqlType): string =>
  isFlatArray(type)
    ? `CAST(to_json(CAST(CAST(${sql} AS ${duckType(type)}) AS VARCHAR[])) AS VARCHAR)`
    : `CAST(CAST(${sql} AS ${duckType(type)}) AS VARCHAR)`

export const variableSql = (text: string | undefined, type: SqlType): string => {
  if (text === undefined) return `CAST(NULL AS ${duckType(type)})`
  return isFlatArray(type)
    ? `CAST(CAST(CAST(${literal(text)} AS JSON) AS VARCHAR[]) AS ${duckType(type)})`
    : `CAST(${literal(text)} AS ${duckType(type)})`
}
