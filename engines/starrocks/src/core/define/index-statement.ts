/** CREATE INDEX and DROP INDEX: the same as ALTER TABLE's clauses. */
import type { DefinitionStatement } from '../../sql/ast-definition.ts'
import type { Result } from '../../session.ts'
import type { Run } from '../run.ts'
import { alterTable } from './alter-table.ts'

type Of<Kind extends DefinitionStatement['kind']> = Extract<DefinitionStatement, { kind: Kind }>

export function createIndex(run: Run, statement: Of<'createIndex'>): Promise<Result> {
  const clauses = [{ kind: 'addIndex', index: statement.index }] as const
  return alterTable(run, { kind: 'alterTable', name: statement.table, clauses })
}

export function dropIndex(run: Run, statement: Of<'dropIndex'>): Promise<Result> {
  const clauses = [{ kind: 'dropIndex', name: statement.name }] as const
  return alterTable(run, { kind: 'alterTable', name: statement.table, clauses })
}
