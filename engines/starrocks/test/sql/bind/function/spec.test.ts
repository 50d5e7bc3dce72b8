import { after, before, test } from 'node:test'
import assert from 'node:assert/strict'
import { aggregateFunctions } from '../../../../src/sql/bind/function/aggregate.ts'
import { collectionFunctions } from '../../../../src/sql/bind/function/array.ts'
import { dateFunctions } from '../../../../src/sql/bind/function/date.ts'
import { jsonFunctions } from '../../../../src/sql/bind/function/json.ts'
import { mathFunctions } from '../../../../src/sql/bind/function/math.ts'
import { sketchFunctions } from '../../../../src/sql/bind/function/sketch.ts'
import type { ParameterKind } from '../../../../src/sql/bind/function/spec.ts'
import { stringFunctions } from '../../../../src/sql/bind/function/string.ts'
import { translateQuery } from '../../../../src/sql/translate.ts'
import { functionNames } from '../../../../src/sql/bind/call.ts'
import { duckType, printType, simpleType, stringType } from '../../../../src/sql/type.ts'
import type { SqlType } from '../../../../src/sql/type.ts'
import {
  column,
  openDuck,
  queryOf,
  scopeOf,
  table,
  textOf,
  unquoted,
} from '../../../support/translated-duck.ts'
import type { Duck } from '../../../support/translated-duck.ts'

/** One column of every type; `everything.varchar_column` and so on. */
const types: Readonly<Record<string, SqlType>> = {
  boolean: simpleType('boolean'),
  tinyint: simpleType('tinyint'),
  smallint: simpleType('smallint'),
  int: simpleType('int'),
  bigint: simpleType('bigint'),
  largeint: simpleType('largeint'),
  float: simpleType('float'),
  double: simpleType('double'),
  decimal: { kind: 'decimal', precision: 12, scale: 3 },
  varchar: stringType,
  varbinary: { kind: 'varbinary', length: 10 },
  date: simpleType('date'),
  datetime: simpleType('datetime'),
  json: simpleType('json'),
  array: { kind: 'array', element: simpleType('int') },
  'array<varchar>': { kind: 'array', element: stringType },
  map: { kind: 'map', key: stringType, value: simpleType('int') },
  struct: { kind: 'struct', fields: [{ name: 'x', type: simpleType('int') }] },
  bitmap: simpleType('bitmap'),
  hll: simpleType('hll'),
  percentile: simpleType('percentile'),
}

/** In the order of `types`. */
const values: readonly string[] = [
  'true',
  '1',
  '2',
  '3',
  '4',
  '5',
  '1.5',
  '2.5',
  '12.345',
  "'text'",
  "'\\x41'::BLOB",
  "DATE '2024-01-31'",
  "TIMESTAMP '2024-01-31 01:02:03'",
  `'{"a": 1}'`,
  '[1, NULL, 2]',
  "['x', NULL]",
  "map([{k: 'k'}], [1])",
  '{x: 1}',
  '[1, 2]',
  '[1, 2]',
  '[1.5, 2]',
]

const columnName = (kind: string): string => `${kind.replaceAll(/[<>]/g, '_')}_column`

const everything = table(
  'db',
  'everything',
  Object.entries(types).map(([kind, type]) => column(columnName(kind), type)),
)
const scope = scopeOf([everything])

/** What may stand for a parameter; literals where a function reads its argument while translating. */
const candidates = (parameter: ParameterKind): readonly string[] => {
  if (parameter === 'any') return ['int_column', 'varchar_column', 'date_column']
  if (parameter === 'array') return ['array_column', '[array_column]', '[]']
  if (parameter === 'number')
    return ['int_column', 'decimal_column', 'double_column', 'largeint_column']
  if (parameter === 'integer') return ['tinyint_column', 'largeint_column']
  if (parameter === 'varchar') return ['varchar_column', "'day'", "'%Y-%m-%d'", "'Monday'", "'$.a'"]
  if (parameter === 'double') return ['double_column', '0.5']
  if (parameter === 'int' || parameter === 'bigint')
    return [columnName(parameter), '0', '1', '256', '3']
  return [columnName(parameter)]
}

const calls = (
  name: string,
  parameters: readonly ParameterKind[],
  variadic: number | undefined,
): readonly string[] => {
  const all = variadic === undefined ? parameters : [...parameters, ...parameters.slice(-1)]
  const first = all.map((parameter) => candidates(parameter)[0] ?? 'NULL')
  const lists = [
    first,
    first.map(() => 'NULL'),
    all.map((each) => candidates(each).at(-1) ?? 'NULL'),
  ]
  for (const [index, parameter] of all.entries()) {
    for (const candidate of candidates(parameter)) lists.push(first.with(index, candidate))
    lists.push(first.with(index, 'NULL'))
  }
  const last = all.length - 1
  if (all.length >= 2) {
    for (const a of candidates(all[0] ?? 'any'))
      for (const b of candidates(all[last] ?? 'any')) lists.push(first.with(0, a).with(last, b))
  }
  return [...new Set(lists.map((list) => `${name}(${list.join(', ')})`))]
}

let duck: Duck
before(async () => {
  duck = await openDuck()
  await duck.connection.run('CREATE SCHEMA db')
  const columns = Object.entries(types).map(
    ([kind, type]) => `"${columnName(kind)}" ${duckType(type)}`,
  )
  await duck.connection.run(`CREATE TABLE db.everything (${columns.join(', ')})`)
  await duck.connection.run(`INSERT INTO db.everything VALUES (${values.join(', ')})`)
})
after(() => duck.close())

/** The type as DuckDB says it without running anything. */
async function described(sql: string, call: string): Promise<string> {
  const reader = await duck.connection
    .runAndReadAll(`DESCRIBE ${sql}`)
    .catch((error: unknown) => assert.fail(`${call}: ${sql}: ${String(error)}`))
  return textOf(reader.getRowsJson()[0]?.[1]) ?? ''
}

/** True when the call was accepted; then DuckDB must accept it too, with the type it claims, and run it. */
const accepted = async (call: string): Promise<boolean> => {
  let sql: string
  let type: SqlType | undefined
  try {
    const translated = translateQuery(queryOf(`SELECT ${call} FROM everything`), scope)
    sql = translated.sql
    type = translated.columns[0]?.type
  } catch (error) {
    assert.ok(error instanceof Error && error.name === 'SqlError', `${call} threw ${String(error)}`)
    return false
  }
  const actual = await duck.connection.run(sql).then(
    (result) => {
      // Written as a text, a type lacks the names of others within: JSON, which is a kind of VARCHAR.
      const isNamed = JSON.stringify(result.columnTypeJson(0)).includes('"alias"')
      return isNamed ? described(sql, call) : String(result.columnType(0))
    },
    (error: unknown) => {
      // A value that a function does not take may be refused while running; SQL that DuckDB does not understand may not.
      assert.match(String(error), /Invalid Input Error|Out of Range Error/, `${call}: ${sql}`)
      return described(sql, call)
    },
  )
  if (type !== undefined && !printType(type).includes('null_type'))
    assert.equal(unquoted(actual), unquoted(duckType(type)), `${call}: ${sql}`)
  return true
}

const scalars = [
  ...stringFunctions,
  ...mathFunctions,
  ...dateFunctions,
  ...jsonFunctions,
  ...collectionFunctions,
  ...sketchFunctions,
]

test('every signature of every function makes SQL that DuckDB runs, with the type it claims', async () => {
  for (const { name, signatures } of scalars) {
    for (const { parameters, variadic } of signatures) {
      let works = 0
      for (const call of calls(name, parameters, variadic)) works += (await accepted(call)) ? 1 : 0
      assert.ok(works > 0, `${name}(${parameters.join(', ')}) accepts nothing`)
    }
  }
})

test('every signature of every aggregate makes SQL that DuckDB runs, over groups and over windows', async () => {
  for (const { name, signatures, window } of aggregateFunctions) {
    for (const { parameters } of signatures) {
      let works = 0
      for (const call of calls(name, parameters, undefined)) {
        works += (await accepted(call)) ? 1 : 0
        if (window) await accepted(`${call} OVER (PARTITION BY int_column ORDER BY date_column)`)
      }
      assert.ok(works > 0, `${name}(${parameters.join(', ')}) accepts nothing`)
    }
  }
})

test('functions are listed once each, by kind', () => {
  const names = functionNames()
  assert.ok(names.length > 300)
  assert.equal(new Set(names.map(({ name }) => name)).size, names.length)
  assert.ok(names.every(({ name }) => /^[a-z][a-z0-9_]*$/.test(name)))
})
