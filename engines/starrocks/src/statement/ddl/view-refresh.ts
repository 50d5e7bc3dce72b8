/** REFRESH and CANCEL REFRESH MATERIALIZED VIEW, and the first refresh of a view, which its CREATE waits for. */
import { demand, relationTarget } from '../../catalog/authority.ts'
import type { TableEntry } from '../../catalog/catalog.ts'
import { tableNamed } from '../../catalog/lookup.ts'
import type { Execution } from '../../execution/execution.ts'
import { takenAway } from '../../execution/internal-execution.ts'
import { done } from '../../execution/result.ts'
import { qualify } from '../../resolution/object-name.ts'
import type { Result } from '../../session.ts'
import { SqlError } from '../../session.ts'
import type { DefinitionStatement } from '../../sql/ast-definition.ts'
import { deactivateViews } from './dependent-view.ts'
import { dropForGood, droppingOf } from './recycle-bin.ts'
import { partCondition } from './view-part.ts'

type Of<Kind extends DefinitionStatement['kind']> = Extract<DefinitionStatement, { kind: Kind }>

export async function refreshMaterializedView(
  execution: Execution,
  statement: Of<'refreshMaterializedView'>,
): Promise<Result> {
  const { current } = execution.engine.store
  const view = tableNamed(current, qualify(execution, statement.name), 'materialized view')
  demand(current, execution.state.authority, ['REFRESH'], relationTarget(view))
  if (view.view?.active === false) {
    throw new SqlError(
      `Refresh materialized view failed because [${view.name}] is not active. You can try to active it with ALTER MATERIALIZED VIEW ${view.name} ACTIVE;`,
    )
  }
  if (statement.part) partCondition(current, view, statement.part)
  const { engine, guard } = execution
  const { part } = statement
  if (statement.mode === 'sync')
    await guard.waitFor(engine.refresher.request(view.id, { part, guard }))
  else engine.refresher.request(view.id, { part }).catch(() => undefined)
  return done()
}

/** As in StarRocks, it is no error when none runs. reference: StarRocks 3.3.7, LocalMetastore.cancelRefreshMaterializedView */
export function cancelRefresh(
  execution: Execution,
  statement: Of<'cancelRefreshMaterializedView'>,
): Result {
  const { store, refresher } = execution.engine
  const view = tableNamed(store.current, qualify(execution, statement.name), 'materialized view')
  demand(store.current, execution.state.authority, ['REFRESH'], relationTarget(view))
  refresher.cancel(view.id)
  return done()
}

/** When the statement is cancelled there is no view either: its client knows of none. */
export async function firstRefresh(execution: Execution, view: TableEntry): Promise<void> {
  const { engine, guard } = execution
  try {
    await guard.waitFor(engine.refresher.request(view.id, { guard }))
  } catch (error) {
    if (guard.cancelled) await dropAgain(execution, view)
    throw error
  }
}

function dropAgain(execution: Execution, { id }: TableEntry): Promise<void> {
  const failure = 'a view without its first rows was not dropped'
  return takenAway(execution, failure, async (own) => {
    const { store, refresher } = own.engine
    await store.change(own.link, async (draft) => {
      const view = draft.catalog.entries.get(id)
      if (view?.kind !== 'materialized view') return
      draft.enter(view.volume)
      await dropForGood(droppingOf(own, draft), view)
      deactivateViews(draft, id, `base-table dropped: ${view.name}`)
    })
    refresher.reschedule()
  })
}
