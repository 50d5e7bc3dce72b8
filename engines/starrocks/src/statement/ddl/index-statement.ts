/** CREATE INDEX and DROP INDEX: the same as ALTER TABLE's clauses. */
import type { DefinitionStatement } from '../../sql/ast-definition.ts'
import type { Result } from '../../session.ts'
import type { Execution } from '../../execution/execution.ts'
import { alterTable } from './alter-table.ts'

type Of<Kind extends DefinitionStatement['kind']> = Extract<DefinitionStatement, { kind: Kind }>

export function createIndex(execution: Execution, statement: Of<'createIndex'>): Promise<Result> {
  const clauses = [{ kind: 'addIndex', index: statement.index }] as const
  return alterTable(execution, { kind: 'alterTable', name: statement.table, clauses })
}

export function dropIndex(execution: Execution, statement: Of<'dropIndex'>): Promise<Result> {
  const clauses = [{ kind: 'dropIndex', name: statement.name }] as const
  return alterTable(execution, { kind: 'alterTable', name: statement.table, clauses })
}
