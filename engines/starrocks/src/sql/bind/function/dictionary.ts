/**
 * dict_mapping: the value that a table with a PRIMARY KEY has for a key. A key that it does not have is an error, or NULL where the last argument
 * is true; a NULL in the key is an error always.
 * reference: StarRocks documentation, dict_mapping; its suite, test_dict_mapping_function
 */
import type { Expression } from '../../ast.ts'
import type { Bound, BoundQuery } from '../../bound.ts'
import { callNode } from '../../bound.ts'
import { quote, quoteName } from '../../emit/text.ts'
import { planSubquery } from '../../planning.ts'
import type { ScopeColumn, ScopeDictionary } from '../../scope.ts'
import { analyzingError, unsupported } from '../../sql-error.ts'
import { simpleType } from '../../type.ts'
import { fromTable } from '../alias.ts'
import { compare } from '../comparison.ts'
import { convertTo } from '../conversion.ts'
import { sameName } from '../environment.ts'
import type { Environment } from '../environment.ts'
import { bind } from '../recursion.ts'
import type { SpecialFunction } from './special-call.ts'

const UNKNOWN_KEY = 'query failed if record not exist in dict table.'
const NULL_KEY = 'invalid parameter : get NULL paramenter'

/** The same in each call, so that equal calls have equal texts, as GROUP BY wants them. */
const ALIAS = 'dictionary'

export const dictMapping: SpecialFunction = ({ call, environment }) => {
  const [table, ...given] = call.args
  if (environment.lambdas > 0) throw unsupported('dict_mapping() in a lambda')
  const dictionary = dictionaryOf(table, environment)
  const { keys, columns } = dictionary
  const { value, nullIfMissing } = optionsOf(given.slice(keys.length), dictionary)
  if (given.length < keys.length)
    throw analyzingError(
      `dict_mapping function param size should be ${keys.length + 1} - ${keys.length + 3}`,
    )
  environment.context.planning.joined += 1
  const stored = (column: ScopeColumn): Bound => ({
    kind: 'column',
    sql: `${ALIAS}.${column.sql ?? quoteName(column.name)}`,
    type: column.type,
  })
  const sought = keys.map((name, index) => {
    const key = columns.find((column) => sameName(column.name, name))
    if (!key) throw new RangeError('a key is a column')
    const argument = bind(given[index] ?? { kind: 'null' }, environment)
    return { key: stored(key), value: convertTo(argument, key.type) }
  })
  const query: BoundQuery = {
    kind: 'projection',
    columns: [],
    values: [wrapped(stored(value))],
    from: fromTable(dictionary, ALIAS),
    where: allOf(sought.map(({ key, value: wanted }) => compare('=', key, wanted))),
  }
  const found: Bound = {
    kind: 'query',
    type: structOf(value),
    query: planSubquery(environment.context.planning, () => query),
  }
  return callNode(
    value.type,
    [found, ...sought.map((each) => each.value)],
    ([entry = '', ...texts]) => {
      const lacks = texts.map((text) => `${text} IS NULL`).join(' OR ')
      const missing = nullIfMissing ? 'NULL' : `error(${quote(UNKNOWN_KEY)})`
      const otherwise = `CASE WHEN ${lacks} THEN error(${quote(NULL_KEY)}) ELSE ${missing} END`
      return `struct_extract(coalesce(${entry}, ${otherwise}), 'v')`
    },
  )
}

/** In a struct, so that a value that is NULL differs from one that is not there. */
const structOf = ({ type }: ScopeColumn) => ({
  kind: 'struct' as const,
  fields: [{ name: 'v', type }],
})

const wrapped = (value: Bound): Bound =>
  callNode(
    { kind: 'struct', fields: [{ name: 'v', type: value.type }] },
    [value],
    ([text = '']) => `struct_pack(v := ${text})`,
  )

const allOf = (conditions: readonly Bound[]): Bound =>
  callNode(simpleType('boolean'), conditions, (texts) => texts.join(' AND '))

const dictionaryOf = (
  written: Expression | undefined,
  { context }: Environment,
): ScopeDictionary => {
  if (written?.kind !== 'string')
    throw analyzingError('dict_mapping function first param table_name should be string literal')
  const parts = written.value.split('.')
  if (parts.length > 2)
    throw analyzingError(
      "dict_mapping function first param table_name should be 'db.tbl' or 'tbl' format",
    )
  const { scope } = context
  const database = parts.length === 2 ? (parts[0] ?? '') : scope.database
  if (database === undefined) throw analyzingError('No database selected', undefined, 1046, '3D000')
  if (!scope.hasDatabase(database)) throw analyzingError(`Database ${database} is not found`)
  const name = parts.at(-1) ?? ''
  const dictionary = scope.dictionary?.(database, name)
  if (!dictionary) throw analyzingError(`dict table ${name} is not found`)
  return dictionary
}

interface Options {
  readonly value: ScopeColumn
  readonly nullIfMissing: boolean
}

/** The name of the value's column, and whether a key that is not there is NULL: both, one or none. */
const optionsOf = (
  [first, second, ...more]: readonly Expression[],
  { keys, columns, numbered }: ScopeDictionary,
): Options => {
  if (more.length > 0)
    throw analyzingError(
      `dict_mapping function param size should be ${keys.length + 1} - ${keys.length + 3}`,
    )
  const isNamed = first?.kind === 'string' || second !== undefined
  const [name, flag] = isNamed ? [first, second] : [undefined, first]
  if (name && name.kind !== 'string')
    throw analyzingError('dict_mapping function VALUE_COLUMN param should be STRING constant')
  if (flag && flag.kind !== 'boolean')
    throw analyzingError('dict_mapping function NULL_IF_NOT_FOUND param should be bool constant')
  const wanted = name?.value ?? numbered
  if (wanted === undefined)
    throw analyzingError("dict_mapping function can't find auto increment column in dict table")
  const value = columns.find((column) => sameName(column.name, wanted))
  if (!value)
    throw analyzingError(`dict_mapping function can't find value column ${wanted} in dict table`)
  return { value, nullIfMissing: flag?.value === true }
}
