/** SHOW PROCESSLIST and SHOW RUNNING QUERIES: the sessions and what they run. */
import { allows, systemTarget } from '../../catalog/authority.ts'
import { timeZoneOf, variableOf } from '../../execution/statement-context.ts'
import type { StatementContext } from '../../execution/statement-context.ts'
import type { Show } from '../../sql/ast-session.ts'
import { long, momentText, text, virtualColumns } from '../../information/virtual-table.ts'
import type { Cell, VirtualTable } from '../../information/virtual-table.ts'
import { nodesOf } from '../../execution/node.ts'
import { shownId } from '../../execution/resource-group.ts'

export function processList(context: StatementContext, show: Show): VirtualTable {
  const columns = virtualColumns({
    ServerName: text,
    Id: long,
    User: text,
    Host: text,
    Db: text,
    Command: text,
    ConnectionStartTime: text,
    Time: long,
    State: text,
    Info: text,
    IsPending: text,
    Warehouse: text,
  })
  const { engine } = context
  const all = allows(engine.store.current, context.state.authority, ['OPERATE'], systemTarget)
  const [fe] = nodesOf(context.engine, ['fe'])
  const rows = [...engine.sessions.values()]
    .filter(({ state }) => all || state.authority.userId === context.state.authority.userId)
    .map(({ state, running }): Cell[] => [
      state.frontend ?? fe?.name ?? engine.identity.instance,
      state.id,
      state.user,
      state.host,
      state.database ?? null,
      running ? 'Query' : 'Sleep',
      momentText(state.connectedMs, timeZoneOf(context)),
      Math.floor((context.startMs - (running?.startMs ?? state.connectedMs)) / 1000),
      running ? 'OK' : '',
      running ? (show.full ? running.text : running.text.slice(0, 100)) : '',
      String(running !== undefined && engine.admission.isPending(running.queryId)),
      variableOf({ engine, state }, 'warehouse'),
    ])
  return { database: '', name: 'processlist', columns, rows }
}

/** A query is one slot and one fragment; none waits for as long as it runs. */
export function runningQueries(context: StatementContext): VirtualTable {
  const names =
    'QueryId ResourceGroupId StartTime PendingTimeout QueryTimeout State Slots Fragments DOP Frontend FeStartTime'
  const { engine } = context
  const all = allows(engine.store.current, context.state.authority, ['OPERATE'], systemTarget)
  const [fe] = nodesOf(engine, ['fe'])
  const moment = (ms: number): string => momentText(ms, timeZoneOf(context))
  const rows = [...engine.sessions.values()].flatMap(({ state, running }): Cell[][] => {
    if (!running || !(all || state.authority.userId === context.state.authority.userId)) return []
    const group = engine.groupUsage.groupOf(running.queryId)
    const endMs = (variable: string): number =>
      running.startMs + Number(variableOf({ engine, state }, variable)) * 1000
    return [
      [
        running.queryId,
        group ? String(shownId(group)) : '-',
        moment(running.startMs),
        moment(endMs('query_queue_pending_timeout_second')),
        moment(endMs('query_timeout')),
        engine.admission.isPending(running.queryId) ? 'PENDING' : 'RUNNING',
        '1',
        '1',
        variableOf({ engine, state }, 'pipeline_dop'),
        state.frontend ?? fe?.name ?? engine.identity.instance,
        moment(engine.startedMs),
      ],
    ]
  })
  const columns = names.split(' ').map((name) => ({ name, type: text }))
  return { database: '', name: 'running queries', columns, rows }
}
