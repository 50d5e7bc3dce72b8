/** A refresh of a materialized view as StarRocks lists it: a run of the view's task. reference: StarRocks FE, TaskBuilder.getMvTaskName */
import type { TableEntry } from '../catalog/catalog.ts'
import type { Execution } from './execution.ts'
import type { TaskFacts } from './task.ts'

export const refreshTaskName = ({ id }: Pick<TableEntry, 'id'>): string => `mv-${id}`

export function refreshTask({ engine, queryId, state }: Execution, table: TableEntry): TaskFacts {
  const database = engine.store.current.entries.get(table.databaseId)
  return {
    name: refreshTaskName(table),
    queryId,
    user: state.user,
    userId: state.authority.userId,
    database: database?.kind === 'database' ? database.name : '',
    definition: `insert overwrite \`${table.name}\` ${table.view?.query ?? ''}`,
  }
}
