/** information_schema.tasks and task_runs, refreshes of materialized views among these: a user's own, or all to whom may OPERATE. */
import { allows, systemTarget, userOf } from '../catalog/authority.ts'
import { catalogName } from '../catalog/lookup.ts'
import { userText } from '../catalog/user-identity.ts'
import { timeZoneOf } from '../execution/statement-context.ts'
import type { StatementContext } from '../execution/statement-context.ts'
import type { Task } from '../execution/task.ts'
import { long, moment, momentText, text, virtualColumns } from './virtual-table.ts'
import type { Cell, VirtualTable } from './virtual-table.ts'

const database = 'information_schema'

export function tasks(context: StatementContext): VirtualTable {
  const columns = virtualColumns({
    TASK_NAME: text,
    CREATE_TIME: moment,
    SCHEDULE: text,
    CATALOG: text,
    DATABASE: text,
    DEFINITION: text,
    EXPIRE_TIME: moment,
    PROPERTIES: text,
    CREATOR: text,
  })
  const zone = timeZoneOf(context)
  const rows = visible(context, context.engine.tasks.list()).map((task): Cell[] => [
    task.name,
    momentText(task.createdMs, zone),
    'MANUAL',
    catalogName,
    task.database,
    task.definition,
    momentText(task.expiresMs, zone),
    '',
    creatorOf(context, task),
  ])
  return { database, name: 'tasks', columns, rows }
}

export function taskRuns(context: StatementContext): VirtualTable {
  const { engine } = context
  const columns = virtualColumns({
    QUERY_ID: text,
    TASK_NAME: text,
    CREATE_TIME: moment,
    FINISH_TIME: moment,
    STATE: text,
    CATALOG: text,
    DATABASE: text,
    DEFINITION: text,
    EXPIRE_TIME: moment,
    ERROR_CODE: long,
    ERROR_MESSAGE: text,
    PROGRESS: text,
    EXTRA_MESSAGE: text,
    PROPERTIES: text,
  })
  const zone = timeZoneOf(context)
  const rows = visible(context, [...engine.tasks.list(), ...engine.tasks.runs()]).map(
    (task): Cell[] => [
      task.queryId,
      task.name,
      momentText(task.createdMs, zone),
      task.finishedMs === undefined ? null : momentText(task.finishedMs, zone),
      task.state,
      catalogName,
      task.database,
      task.definition,
      momentText(task.expiresMs, zone),
      task.error?.errno ?? 0,
      task.error?.message ?? null,
      task.state === 'SUCCESS' ? '100%' : '0%',
      '',
      '',
    ],
  )
  return { database, name: 'task_runs', columns, rows }
}

/** As the user is called that submitted it; of one that is gone the name alone is left. */
function creatorOf({ engine }: StatementContext, { user, userId }: Task): string {
  const entry = userOf(engine.store.current, { userId, activeRoles: [] })
  return entry ? userText(entry) : user
}

function visible({ engine, state }: StatementContext, listed: readonly Task[]): readonly Task[] {
  const { authority } = state
  const all = allows(engine.store.current, authority, ['OPERATE'], systemTarget)
  return listed.filter(({ userId }) => all || userId === authority.userId)
}
