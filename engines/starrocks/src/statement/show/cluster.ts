/**
 * SHOW FRONTENDS, BACKENDS, COMPUTE NODES: the nodes that the control plane declares, with their group, zone and size. They are one
 * process here, and the list says so in its `Note` column, with what that process has. SHOW PROCESSLIST: the sessions.
 */
import { allows, demand, systemTarget } from '../../catalog/authority.ts'
import type { NodeDescription } from '../../execution/engine-context.ts'
import { timeZoneOf, variableOf } from '../../execution/statement-context.ts'
import type { StatementContext } from '../../execution/statement-context.ts'
import { warehouseOf } from './warehouse.ts'
import type { Show } from '../../sql/ast-session.ts'
import { long, momentText, text, virtualColumns } from '../../information/virtual-table.ts'
import type { Cell, VirtualTable } from '../../information/virtual-table.ts'

const NOTE = 'served by one engine process'

function demandNode(context: StatementContext): void {
  demand(context.engine.store.current, context.state.authority, ['NODE', 'OPERATE'], systemTarget)
}

export function frontends(context: StatementContext): VirtualTable {
  demandNode(context)
  const { identity, startedMs } = context.engine
  const columns = virtualColumns({
    Id: long,
    Name: text,
    IP: text,
    EditLogPort: long,
    HttpPort: long,
    QueryPort: long,
    RpcPort: long,
    Role: text,
    ClusterId: text,
    Join: text,
    Alive: text,
    ReplayedJournalId: long,
    LastHeartbeat: text,
    IsHelper: text,
    ErrMsg: text,
    StartTime: text,
    Version: text,
    Group: text,
    Zone: text,
    Note: text,
  })
  const now = momentText(context.startMs, timeZoneOf(context))
  const started = momentText(startedMs, timeZoneOf(context))
  const found = nodes(context, ['fe', 'observer'])
  const rows = found.map((node, index): Cell[] => {
    const role = node.role === 'observer' ? 'OBSERVER' : index === 0 ? 'LEADER' : 'FOLLOWER'
    const ports = [9010, identity.httpPort, identity.queryPort, 9020]
    const state = ['true', 0, now, 'true', '', started]
    return [
      index + 1,
      node.name,
      node.host,
      ...ports,
      role,
      identity.instance,
      'true',
      ...state,
      node.version,
      node.group,
      node.zone,
      NOTE,
    ]
  })
  return { database: '', name: 'frontends', columns, rows }
}

const workerColumns = (id: string) =>
  virtualColumns({
    [id]: long,
    IP: text,
    HeartbeatPort: long,
    BePort: long,
    HttpPort: long,
    BrpcPort: long,
    LastStartTime: text,
    LastHeartbeat: text,
    Alive: text,
    SystemDecommissioned: text,
    ClusterDecommissioned: text,
    ErrMsg: text,
    Version: text,
    CpuCores: long,
    MemLimit: text,
    DataTotalCapacity: text,
    TotalCapacity: text,
    Location: text,
    StatusCode: text,
    WarehouseName: text,
    Name: text,
    Group: text,
    Zone: text,
    Note: text,
  })

export const backends = (context: StatementContext): VirtualTable =>
  workers(context, 'be', { name: 'backends', id: 'BackendId' })
export const computeNodes = (context: StatementContext): VirtualTable =>
  workers(context, 'cn', { name: 'compute nodes', id: 'ComputeNodeId' })

function workers(
  context: StatementContext,
  role: NodeDescription['role'],
  { name, id }: { readonly name: string; readonly id: string },
): VirtualTable {
  demandNode(context)
  const { limits } = context.engine
  const { threads, memoryBytes, storageBytes } = limits
  const note = `${NOTE} with ${threads} threads, ${sizeText(memoryBytes)} of memory and room for ${sizeText(storageBytes)}`
  const zone = timeZoneOf(context)
  const rows = nodes(context, [role]).map((node, index): Cell[] => [
    10_001 + index,
    node.host,
    9050,
    9060,
    8040,
    8060,
    momentText(context.engine.startedMs, zone),
    momentText(context.startMs, zone),
    'true',
    'false',
    'false',
    '',
    node.version,
    node.cpuCores ?? threads,
    // Without a blank here, and with one there.
    sizeText(Math.floor((node.memoryBytes ?? memoryBytes) * MEMORY_SHARE), ''),
    sizeText(node.storageBytes ?? storageBytes),
    sizeText(node.storageBytes ?? storageBytes),
    `zone:${node.zone}`,
    'OK',
    role === 'cn' ? warehouseOf(context.engine.identity, node) : '',
    node.name,
    node.group,
    node.zone,
    note,
  ])
  return { database: '', name, columns: workerColumns(id), rows }
}

/** StarRocks takes this share of a node's memory (mem_limit, 90 % by default). */
const MEMORY_SHARE = 0.9

/** As StarRocks writes sizes: `1.968 TB`. */
function sizeText(bytes: number, blank = ' '): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB', 'PB']
  let at = 0
  let value = bytes
  for (; value >= 1024 && at < units.length - 1; at++) value /= 1024
  return `${value.toFixed(3)}${blank}${units[at]}`
}

function nodes(
  context: StatementContext,
  roles: readonly NodeDescription['role'][],
): NodeDescription[] {
  return context.engine.identity.nodes.filter((node) => roles.includes(node.role))
}

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
  const [fe] = nodes(context, ['fe'])
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
