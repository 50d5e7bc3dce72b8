/** SHOW PROCESSLIST and SHOW RUNNING QUERIES: the sessions and what they run. */
import { allows, systemTarget } from '../../catalog/authority.ts'
import { timeZoneOf, variableOf } from '../../execution/statement-context.ts'
import type { StatementContext } from '../../execution/statement-context.ts'
import type { Show } from '../../sql/ast-session.ts'
import { long, momentText, text, virtualColumns } from '../../information/virtual-table.ts'
import type { Cell, VirtualTable } from '../../information/virtual-table.ts'
import { nodesOf } from '../../execution/node.ts'

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

export function runningQueries(context: StatementContext): VirtualTable {
  const columns = virtualColumns({ QueryId: text, ConnectionId: long, User: text, Time: long })
  const all = allows(
    context.engine.store.current,
    context.state.authority,
    ['OPERATE'],
    systemTarget,
  )
  const rows = [...context.engine.sessions.values()].flatMap(({ state, running }): Cell[][] => {
    if (!running || !(all || state.authority.userId === context.state.authority.userId)) return []
    return [
      [
        running.queryId,
        state.id,
        state.user,
        Math.floor((context.startMs - running.startMs) / 1000),
      ],
    ]
  })
  return { database: '', name: 'running queries', columns, rows }
}
