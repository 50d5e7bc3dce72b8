/** The table that an INSERT writes to, with the right to do so; a materialized view where the engine itself fills it. */
import { demand, relationTarget } from '../../catalog/authority.ts'
import type { TableEntry } from '../../catalog/catalog.ts'
import { tableNamed } from '../../catalog/lookup.ts'
import type { Execution } from '../../execution/execution.ts'
import { qualifyTable, refuseOutsideWrite } from '../../resolution/object-name.ts'
import type { Insert } from '../../sql/ast-data.ts'

export function targetOf(execution: Execution, statement: Insert, trusted: boolean): TableEntry {
  const { current } = execution.engine.store
  refuseOutsideWrite(execution, statement.table, 'INSERT')
  const kind = trusted ? 'materialized view' : 'table'
  const table = tableNamed(current, qualifyTable(execution, statement.table), kind)
  if (!trusted) demand(current, execution.state.authority, ['INSERT'], relationTarget(table))
  return table
}
