/**
 * Temporary tables: rows of one session that nobody else finds. They are on disk like others, so that everything that takes a table
 * takes them, and are dropped with their session; what a crash left is dropped when the engine opens.
 */
import type { DefinitionStatement } from '../../sql/ast-definition.ts'
import type { ObjectName } from '../../sql/ast.ts'
import type { Result } from '../../session.ts'
import { SqlError } from '../../session.ts'
import { demand, systemTarget } from '../../catalog/authority.ts'
import { isTemporary, temporaryName } from '../../catalog/catalog.ts'
import type { Relation } from '../../catalog/catalog.ts'
import type { CatalogStore } from '../../catalog/catalog-store.ts'
import { catalogName } from '../../catalog/lookup.ts'
import { ownTable, qualify } from '../../resolution/object-name.ts'
import type { Execution } from '../../execution/execution.ts'
import { done } from '../../execution/result.ts'
import type { SessionContext } from '../../execution/statement-context.ts'
import { visitNodes } from '../../sql/expression-walk.ts'
import { analyzingError } from '../../sql/sql-error.ts'
import type { Link } from '../../storage/link.ts'
import { dropPhysical } from './physical-table.ts'

type Of<Kind extends DefinitionStatement['kind']> = Extract<DefinitionStatement, { kind: Kind }>

/** What a new temporary table of the session is found by. */
export function ownName({ engine, state }: SessionContext, name: string): string {
  state.temporarySession ??= engine.random.uuid()
  return temporaryName(name, state.temporarySession)
}

export function refuseTemporaryBase(relation: Relation, what: 'View' | 'Materialized view'): void {
  if (isTemporary(relation)) throw analyzingError(`${what} can't base on temporary table.`)
}

/** A task runs in a session of its own. */
export function refuseTemporarySource(execution: Execution, statement: unknown): void {
  if (execution.state.temporarySession === undefined) return
  for (const name of namesIn(statement)) {
    if (name.parts.length === 0 || name.parts.length > 3) continue
    if (ownTable(execution, qualify(execution, name)))
      throw analyzingError('Cannot submit task based on temporary table.')
  }
}

/** Every object of a statement that has parts and a place is a name. */
function namesIn(statement: unknown): readonly ObjectName[] {
  const found: ObjectName[] = []
  visitNodes(statement, (node) => {
    if ('parts' in node && 'at' in node) found.push(node as ObjectName)
  })
  return found
}

export async function dropTemporaryTable(
  execution: Execution,
  statement: Of<'dropTable'>,
): Promise<Result> {
  const [, database, catalog] = statement.name.parts.toReversed()
  if (catalog !== undefined && catalog !== catalogName)
    throw analyzingError('drop temporary table can only be execute under default catalog.')
  const { store } = execution.engine
  const name = qualify(execution, statement.name)
  if (database !== undefined && !store.current.database(database)) {
    if (statement.ifExists) return done()
    throw analyzingError(`Unknown database '${database}'.`, undefined, 5501)
  }
  return store.change(execution.link, async (draft) => {
    const own = ownTable(execution, name, draft.catalog)
    const entry = draft.catalog.database(name.database)
    const table = own && entry && draft.catalog.relation(entry.id, own)
    if (!table || table.kind === 'view') {
      if (statement.ifExists) return done()
      throw analyzingError(`Unknown table '${name.name}'.`, undefined, 5502)
    }
    await dropPhysical(execution.link, table)
    draft.remove(table.id)
    return done()
  })
}

/** CLEAN TEMPORARY TABLE ON SESSION: information_schema.temp_tables tells the sessions. */
export async function cleanTemporaryTables(
  execution: Execution,
  { session }: Of<'cleanTemporaryTable'>,
): Promise<Result> {
  const { engine, state } = execution
  if (session !== state.temporarySession)
    demand(engine.store.current, state.authority, ['OPERATE'], systemTarget)
  await dropTemporaryTables(engine.store, execution.link, session)
  return done()
}

/** Those of one session, or of all. */
export async function dropTemporaryTables(
  store: CatalogStore,
  link: Link,
  session?: string,
): Promise<void> {
  const isGone = (table: { readonly session: string }) =>
    session === undefined || table.session === session
  if (!store.current.temporaryTables().some(isGone)) return
  await store.change(link, async (draft) => {
    for (const table of draft.catalog.temporaryTables().filter(isGone)) {
      await dropPhysical(link, table)
      draft.remove(table.id)
    }
  })
}

export function refuseTemporaryChange(relation: Relation | undefined): void {
  if (relation && isTemporary(relation))
    throw new SqlError(
      "Getting analyzing error. Detail message: temporary table doesn't support alter table statement.",
    )
}
