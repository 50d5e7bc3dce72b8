/** What SHOW DELETE lists: each DELETE of a table without a primary key. reference: StarRocks 3.3.7, DeleteMgr. */
import type { TableEntry } from '../../catalog/catalog.ts'
import type { Draft } from '../../catalog/catalog-store.ts'
import { addRecord, recordsOfDatabase } from '../../catalog/record.ts'
import type { Delete } from '../../sql/ast-data.ts'
import type { BinaryOperator, Expression } from '../../sql/ast.ts'
import { printExpression } from '../../sql/print.ts'

/** A condition over this is cut: it is kept to be read by people. */
const CONDITION_MAX = 1000

export function recordDeletion(
  draft: Draft,
  table: TableEntry,
  { partitions, where }: Delete,
  createdMs: number,
): void {
  if (table.model === 'primary') return
  const conditions = where
    ? terms(where).map((term) => conditionText(term).slice(0, CONDITION_MAX))
    : []
  const entry = {
    kind: 'deletion',
    id: draft.newId(),
    tableId: table.id,
    partitions,
    conditions: conditions.slice(0, CONDITION_MAX),
    createdMs,
  } as const
  addRecord(draft, entry, recordsOfDatabase(draft, 'deletion', table.databaseId))
}

function terms(where: Expression): Expression[] {
  const found: Expression[] = []
  let rest: Expression | undefined = where
  while (rest?.kind === 'binary' && rest.operator === 'and') {
    found.unshift(rest.right)
    rest = rest.left
  }
  return [rest, ...found]
}

const operators: Readonly<Partial<Record<BinaryOperator, string>>> = {
  '=': 'EQ',
  '!=': 'NE',
  '<': 'LT',
  '<=': 'LE',
  '>': 'GT',
  '>=': 'GE',
  '<=>': 'EQ_FOR_NULL',
}

function conditionText(term: Expression): string {
  if (term.kind === 'binary' && term.left.kind === 'column') {
    const operator = operators[term.operator]
    const value = literalText(term.right)
    const name = term.left.path.at(-1) ?? ''
    if (operator !== undefined && value !== undefined) return `${name} ${operator} "${value}"`
  }
  if (term.kind === 'is' && term.operand.kind === 'column' && term.what === 'null')
    return `${term.operand.path.at(-1) ?? ''} IS ${term.negated ? 'NOT ' : ''}NULL`
  return printExpression(term)
}

function literalText(value: Expression): string | undefined {
  if (value.kind === 'string' || value.kind === 'temporal') return value.value
  if (value.kind === 'integer' || value.kind === 'decimal' || value.kind === 'double')
    return value.text
  return value.kind === 'boolean' ? String(value.value) : undefined
}
