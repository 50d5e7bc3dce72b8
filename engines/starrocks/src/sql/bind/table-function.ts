/** Table functions in FROM. */
import { SqlError } from '../../session.ts'
import type { FromItem } from '../ast.ts'
import type { Bound } from '../bound.ts'
import { isInteger } from '../common-type.ts'
import { quoteName } from '../emit/text.ts'
import { analyzingError, unsupported } from '../sql-error.ts'
import { printType, simpleType } from '../type.ts'
import type { SqlType } from '../type.ts'
import { aliased, numbered, fromTable } from './alias.ts'
import { convertTo } from './conversion.ts'
import type { BoundRelation, Environment } from './environment.ts'
import { positionOf } from './environment.ts'
import { bind } from './recursion.ts'

type TableFunction = Extract<FromItem, { kind: 'tableFunction' }>

export const bindTableFunction = (
  relation: TableFunction,
  environment: Environment,
): BoundRelation => {
  if (relation.name === 'files') return bindFiles(relation, environment)
  const made = rowsOf(relation, environment)
  if (made === undefined)
    throw analyzingError(
      `Unknown table function '${relation.name}()'`,
      positionOf(environment, relation.at),
      1305,
      '42000',
    )
  const { columns, args, write } = made
  const shape = shapeOf(relation, relation.name)
  return aliased(environment, numbered(columns), shape, (alias) => ({
    kind: 'function',
    args,
    write,
    alias,
  }))
}

const shapeOf = ({ alias, columns }: TableFunction, name: string) => ({
  name: alias ?? name,
  database: undefined,
  table: '',
  names: columns,
})

const bindFiles = (relation: TableFunction, environment: Environment): BoundRelation => {
  const table = environment.context.scope.session.files?.(relation.properties)
  if (table === undefined)
    throw unsupported('FILES() in this statement', positionOf(environment, relation.at))
  const columns = table.columns.map((column) => ({ ...column, sql: quoteName(column.name) }))
  return aliased(environment, columns, shapeOf(relation, table.table), (alias) =>
    fromTable(table, alias),
  )
}

/** A SELECT of columns c1, c2 …, made of each row to the left. */
interface MadeRows {
  readonly columns: readonly { readonly name: string; readonly type: SqlType }[]
  readonly args: readonly Bound[]
  readonly write: (texts: readonly string[]) => string
}

const rowsOf = (relation: TableFunction, environment: Environment): MadeRows | undefined => {
  switch (relation.name) {
    case 'unnest':
      return unnest(relation, environment)
    case 'generate_series':
      return series(relation, environment)
    case 'unnest_bitmap':
    case 'subdivide_bitmap':
      return bitmapMembers(relation, environment)
    default:
      return undefined
  }
}

/** Arrays side by side, the shorter ones filled up with NULL; no row for an empty or NULL array. */
const unnest = (relation: TableFunction, environment: Environment): MadeRows => {
  const refused = () =>
    analyzingError('unnest() takes arrays.', positionOf(environment, relation.at))
  const args = relation.args.map((argument) => bind(argument, environment))
  if (args.length === 0) throw refused()
  const columns = args.map(({ type }) => {
    if (type.kind !== 'array') throw refused()
    return { name: 'unnest', type: type.element }
  })
  const write = (texts: readonly string[]): string =>
    `SELECT ${texts.map((array, index) => `unnest(${array}) AS c${index + 1}`).join(', ')}`
  return { columns, args, write }
}

/** The members of a bitmap, or bitmaps of so many of them at most; one without members is divided into itself. */
const bitmapMembers = (
  { name, args: written }: TableFunction,
  environment: Environment,
): MadeRows => {
  const divides = name === 'subdivide_bitmap'
  const args = written.map((argument) => bind(argument, environment))
  const [bitmap, size] = args
  const fits = divides ? size && isInteger(size.type) : size === undefined
  if (bitmap?.type.kind !== 'bitmap' || fits !== true || args.length > 2)
    throw analyzingError(`Unknown table function '${name}()'`)
  const columns = [{ name, type: simpleType(divides ? 'bitmap' : 'bigint') }]
  const write = ([set = '', count = '1']: readonly string[]): string => {
    const width = `CAST(${count} AS BIGINT)`
    const parts = `CASE WHEN ${width} IS NULL OR ${width} <= 0 THEN [] WHEN len(${set}) = 0 THEN [${set}] ELSE list_transform(range(0, len(${set}), greatest(${width}, 1)), lambda part: list_slice(${set}, part + 1, part + ${width})) END`
    return `SELECT unnest(${divides ? parts : `CAST(${set} AS BIGINT[])`}) AS c1`
  }
  return { columns, args, write }
}

/** No row when an argument is NULL. */
const series = ({ name, args: written }: TableFunction, environment: Environment): MadeRows => {
  const values = written.map((argument) => bind(argument, environment))
  if (values.length < 2 || values.length > 3 || !values.every(isSeriesArgument)) {
    const types = values.map(({ type }) => printType(type).toUpperCase()).join(',')
    throw analyzingError(`Unknown table function 'generate_series(${types})'.`)
  }
  if (written.some(({ kind }) => kind === 'null'))
    throw new SqlError('table function not support null parameter')
  if (values.some(({ type }) => type.kind === 'largeint')) return wideSeries(name, values)
  const narrow = values.every(({ type }) => type.kind !== 'bigint')
  const args = values.map((value) => convertTo(value, simpleType('bigint')))
  const write = ([from = '', to = '', step]: readonly string[]): string => {
    const by =
      step === undefined
        ? '1'
        : `CASE WHEN ${step} = 0 THEN error('step size cannot equal zero') ELSE ${step} END`
    return `SELECT CAST(generate_series AS ${narrow ? 'INTEGER' : 'BIGINT'}) AS c1 FROM generate_series(${from}, ${to}, ${by})`
  }
  return { columns: [{ name, type: simpleType(narrow ? 'int' : 'bigint') }], args, write }
}

/** DuckDB's series are of 64 bits, so the steps are counted. */
const wideSeries = (name: string, values: readonly Bound[]): MadeRows => {
  const largeint = simpleType('largeint')
  const args = values.map((value) => convertTo(value, largeint))
  const write = ([
    from = '',
    to = '',
    step = "CAST('1' AS HUGEINT)",
  ]: readonly string[]): string => {
    const by = `CASE WHEN ${step} = 0 THEN error('step size cannot equal zero') ELSE ${step} END`
    const steps = `greatest((${to} - ${from}) // (${by}) + 1, 0)`
    const isEmpty = `sign(${to} - ${from}) * sign(${step}) < 0`
    return `SELECT ${from} + CAST(range AS HUGEINT) * ${step} AS c1 FROM range(CASE WHEN ${isEmpty} THEN 0 ELSE CAST(${steps} AS BIGINT) END)`
  }
  return { columns: [{ name, type: largeint }], args, write }
}

const isSeriesArgument = ({ type }: Bound): boolean => type.kind === 'null' || isInteger(type)
