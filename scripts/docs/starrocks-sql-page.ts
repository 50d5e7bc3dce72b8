/** What the StarRocks-compatible engine takes and refuses: the rows that its test runs, and the functions that it knows. */
import type { VariableDefinition } from '../../engines/starrocks/src/execution/variable-definition.ts'
import { variableDefinitions } from '../../engines/starrocks/src/execution/variable.ts'
import { idleGroupProperties } from '../../engines/starrocks/src/statement/ddl/resource-group-property.ts'
import { functionNames } from '../../engines/starrocks/src/sql/bind/call.ts'
import { families } from '../../engines/starrocks/test/statement/families.ts'
import { LACKING, type Family } from '../../engines/starrocks/test/statement/family.ts'
import { code, page, tableOf } from './markdown.ts'

const KINDS = { scalar: 'Scalar', aggregate: 'Aggregate', window: 'Window' } as const

export function starrocksSqlPage(): string {
  return page(
    'SQL of the StarRocks-compatible engine',
    'Every row is a statement that a test runs against the engine: it is supported, or refused with the error shown. ' +
      `A refusal that ends in "…" ends in the words "${LACKING.trim()}".`,
    countOf(families),
    ...families.flatMap(familyParts),
    '## System variables',
    'Every variable of StarRocks 3.3 is known; any other is refused with error 1193.',
    '### Accepted without effect',
    'They steer planner, executor or external catalogs of StarRocks, never an answer. SET checks type and range, and warns.',
    variablesOf('tuning'),
    '### Only one value accepted',
    'Another value would change answers in a way that this engine does not know.',
    tableOf(
      ['Variable', 'Value'],
      variableDefinitions
        .filter(({ sort }) => sort === 'fixed')
        .map(({ name, initial }) => [code(name), code(initial)]),
    ),
    '### With effect, or about the connection',
    variablesOf('effect', 'client'),
    '## Resource groups',
    'Properties accepted without effect:',
    idleGroupProperties.map(code).join(', '),
    '## Functions',
    `Functions are known by name, with their signatures; any other is refused with error 1305. DuckDB's own functions cannot be reached.`,
    ...(['scalar', 'aggregate', 'window'] as const).flatMap(functionParts),
  )
}

function variablesOf(...sorts: readonly VariableDefinition['sort'][]): string {
  return variableDefinitions
    .filter(({ sort }) => sorts.includes(sort))
    .map(({ name }) => code(name))
    .sort()
    .join(', ')
}

function countOf(all: readonly Family[]): string {
  const rows = all.flatMap((family) => family.rows)
  const taken = rows.filter((row) => typeof row === 'string').length
  return `${rows.length} statements: ${taken} supported, ${rows.length - taken} refused.`
}

function familyParts({ title, modules = [], rows }: Family): readonly string[] {
  const needs = `Needs an object storage and \`emrys engines fetch ${modules.join(' ')}\`.`
  return [`## ${title}`, ...(modules.length > 0 ? [needs] : []), familyTable(rows)]
}

function familyTable(rows: Family['rows']): string {
  return tableOf(
    ['Statement', 'Answer'],
    rows.map((row) => {
      if (typeof row === 'string') return [code(row), 'supported']
      const message = row.message.endsWith(LACKING)
        ? `${row.message.slice(0, -LACKING.length)} …`
        : row.message
      return [code(row.sql), `refused, ${row.errno}: ${message}`]
    }),
  )
}

function functionParts(kind: keyof typeof KINDS): readonly string[] {
  const all = functionNames()
    .filter((each) => each.kind === kind)
    .sort((one, other) => (one.name < other.name ? -1 : 1))
  const noted = all.filter(({ note }) => note !== undefined)
  return [
    `### ${KINDS[kind]}`,
    all.map(({ name }) => code(name)).join(', '),
    ...(noted.length === 0
      ? []
      : [
          tableOf(
            ['Function', 'Differs'],
            noted.map(({ name, note = '' }) => [code(name), note]),
          ),
        ]),
  ]
}
