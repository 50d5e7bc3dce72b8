/**
 * Views. A view is its query's text, read again at every use, so that a change of a table below shows at once or is reported at
 * once. Creating one needs CREATE VIEW on the database and SELECT on all it reads.
 */
import type { CreateView, DefinitionStatement } from '../../sql/ast-definition.ts'
import type { ViewColumn } from '../../sql/ast-definition.ts'
import type { Query } from '../../sql/ast.ts'
import { translatedQuery } from '../../execution/translation.ts'
import type { QueryColumn } from '../../sql/bound.ts'
import type { Result } from '../../session.ts'
import { SqlError } from '../../session.ts'
import { databaseTarget, demand, relationTarget } from '../../catalog/authority.ts'
import type { ViewEntry } from '../../catalog/catalog.ts'
import { unknownRelation, viewNamed, writableDatabase } from '../../catalog/lookup.ts'
import { qualify } from '../../resolution/object-name.ts'
import type { Execution } from '../../execution/execution.ts'
import { done } from '../../execution/result.ts'
import { scopeOf } from '../../resolution/statement-scope.ts'
import { refuseTwice } from '../../catalog/table-definition.ts'
import { deactivateViews } from './dependent-view.ts'
import { keptText } from './kept-text.ts'
import { droppingOf, recycleRelation } from './recycle-bin.ts'
import { refuseTemporaryBase } from './temporary-table.ts'
import { checkName } from './name.ts'
import { isTaken } from './table.ts'

export async function createView(execution: Execution, statement: CreateView): Promise<Result> {
  const name = qualify(execution, statement.name)
  checkName(name.name, 'view')
  return execution.engine.store.change(execution.link, async (draft) => {
    const database = writableDatabase(draft.catalog, name.database)
    demand(draft.catalog, execution.state.authority, ['CREATE VIEW'], databaseTarget(database))
    const old = draft.catalog.relation(database.id, name.name)
    const replaced = statement.orReplace && old?.kind === 'view' ? old : undefined
    if (replaced)
      demand(draft.catalog, execution.state.authority, ['ALTER'], relationTarget(replaced))
    else if (isTaken(draft.catalog, database, name.name, statement.ifNotExists)) return done()
    draft.put({
      kind: 'view',
      id: replaced?.id ?? draft.newId(),
      databaseId: database.id,
      name: name.name,
      columns: await viewColumns(execution, statement.columns, statement.query),
      query: await keptText(execution, statement, 'view'),
      database: execution.state.database,
      security: statement.security ?? 'none',
      comment: statement.comment ?? '',
      createdMs: execution.engine.clock.now(),
    })
    return done()
  })
}

export async function alterView(
  execution: Execution,
  statement: Extract<DefinitionStatement, { kind: 'alterView' }>,
): Promise<Result> {
  const name = qualify(execution, statement.name)
  return execution.engine.store.change(execution.link, async (draft) => {
    const view = viewNamed(draft.catalog, name)
    demand(draft.catalog, execution.state.authority, ['ALTER'], relationTarget(view))
    draft.put({
      ...view,
      columns: await viewColumns(execution, statement.columns, statement.query),
      query: await keptText(execution, statement, 'view'),
      database: execution.state.database,
    })
    deactivateViews(draft, view.id, `base-view changed: ${view.name}`)
    return done()
  })
}

export async function dropView(
  execution: Execution,
  statement: Extract<DefinitionStatement, { kind: 'dropView' }>,
): Promise<Result> {
  const name = qualify(execution, statement.name)
  return execution.engine.store.change(execution.link, async (draft) => {
    const database = writableDatabase(draft.catalog, name.database)
    if (!draft.catalog.relation(database.id, name.name)) {
      if (statement.ifExists) return done()
      throw unknownRelation(name)
    }
    const view = viewNamed(draft.catalog, name)
    demand(draft.catalog, execution.state.authority, ['DROP'], relationTarget(view))
    await recycleRelation(droppingOf(execution, draft), view)
    deactivateViews(draft, view.id, `base-table dropped: ${view.name}`)
    return done()
  })
}

async function viewColumns(
  execution: Execution,
  written: readonly ViewColumn[],
  query: Query,
): Promise<ViewEntry['columns']> {
  const { columns } = await translatedQuery(
    execution,
    query,
    scopeOf(execution, { onRelation: (relation) => refuseTemporaryBase(relation, 'View') }),
  )
  return namedColumns(written, columns)
}

/** The query's columns under the written names, each with its type. */
export function namedColumns(
  written: readonly ViewColumn[],
  columns: readonly QueryColumn[],
): ViewEntry['columns'] {
  if (written.length > 0 && written.length !== columns.length) {
    throw new SqlError(
      "Getting analyzing error. Detail message: View's SELECT and view's field list have different column counts.",
      1353,
      'HY000',
    )
  }
  const named = columns.map(({ name, type }, index) => ({
    name: written[index]?.name ?? name,
    comment: written[index]?.comment ?? '',
    type,
  }))
  refuseTwice(named.map((column) => column.name))
  return named
}
