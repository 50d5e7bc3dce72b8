/**
 * SHOW FRONTENDS, BACKENDS, COMPUTE NODES: the nodes that the control plane declares or SQL added, in StarRocks' columns, and behind them their
 * name, group and zone. They are one process here, and the list says so in its `Note` column, with what that process has: its data and its load
 * stand at the first node that can have them. reference: StarRocks 3.3.7, FrontendsProcNode, BackendsProcDir, ComputeNodeProcDir.
 */
import { demand, systemTarget } from '../../catalog/authority.ts'
import type { NodeDescription } from '../../execution/engine-context.ts'
import { isDecommissioned, holderOf, nodesOf, type ListedNode } from '../../execution/node.ts'
import { timeZoneOf } from '../../execution/statement-context.ts'
import type { StatementContext } from '../../execution/statement-context.ts'
import { long, momentText, text, virtualColumns } from '../../information/virtual-table.ts'
import type { Cell, VirtualTable } from '../../information/virtual-table.ts'
import { warehouseOf } from './warehouse.ts'

const NOTE = 'served by one engine process'

/** What a node shows, by the names of its columns. */
type Facts = Readonly<Record<string, Cell>>

const numbers: readonly string[] = ['CpuCores', 'TabletNum', 'NumRunningQueries']

/** Columns are there when nodes are not, so they are read off a node that stands for none. */
function listing(
  context: StatementContext,
  name: string,
  roles: readonly NodeDescription['role'][],
  describe: (node: ListedNode, index: number, keeps: boolean) => Facts,
): VirtualTable {
  demand(context.engine.store.current, context.state.authority, ['NODE', 'OPERATE'], systemTarget)
  const none: ListedNode = {
    name: '',
    role: 'fe',
    host: '',
    port: 0,
    group: '',
    zone: '',
    version: '',
  }
  const types = Object.keys(describe(none, 0, false)).map((column) => {
    const isNumber = /Id$|Port$/.test(column) && column !== 'ClusterId'
    return [column, isNumber || numbers.includes(column) ? long : text]
  })
  const nodes = nodesOf(context.engine, roles)
  const holder = holderOf(nodes)
  return {
    database: '',
    name,
    columns: virtualColumns(Object.fromEntries(types)),
    rows: nodes.map((node, index) => Object.values(describe(node, index, node === holder))),
  }
}

export function frontends(context: StatementContext): VirtualTable {
  const { identity, startedMs } = context.engine
  const zone = timeZoneOf(context)
  return listing(context, 'frontends', ['fe', 'observer'], (node, index) => ({
    Name: node.name,
    IP: node.host,
    EditLogPort: node.port,
    HttpPort: identity.httpPort,
    QueryPort: identity.queryPort,
    RpcPort: 9020,
    Role: node.role === 'observer' ? 'OBSERVER' : index === 0 ? 'LEADER' : 'FOLLOWER',
    ClusterId: identity.instance,
    Join: 'true',
    Alive: 'true',
    ReplayedJournalId: '0',
    LastHeartbeat: momentText(context.startMs, zone),
    IsHelper: 'true',
    ErrMsg: '',
    StartTime: momentText(startedMs, zone),
    Version: node.version,
    Group: node.group,
    Zone: node.zone,
    Note: NOTE,
  }))
}

export const backends = (context: StatementContext): VirtualTable =>
  listing(context, 'backends', ['be'], (node, index, keeps) => ({
    BackendId: node.added?.id ?? FIRST_ID + index,
    ...beginning(context, node),
    TabletNum: keeps ? tabletCount(context) : 0,
    ...capacity(context, node, keeps),
    ErrMsg: '',
    Version: node.version,
    Status: JSON.stringify({
      lastSuccessReportTabletsTime: momentText(context.startMs, timeZoneOf(context)),
    }),
    ...size(context, node, keeps),
    ...load(context, node, keeps),
    Location: `zone:${node.zone}`,
    ...ending(context, node),
  }))

export const computeNodes = (context: StatementContext): VirtualTable =>
  listing(context, 'compute nodes', ['cn'], (node, index, keeps) => ({
    ComputeNodeId: node.added?.id ?? FIRST_ID + index,
    ...beginning(context, node),
    ErrMsg: '',
    Version: node.version,
    ...load(context, node, keeps),
    HasStoragePath: 'true',
    WarehouseName: warehouseOf(context.engine.identity, node),
    TabletNum: keeps ? tabletCount(context) : 0,
    TotalCapacity: sizeText(room(context, node)),
    ...ending(context, node),
  }))

const FIRST_ID = 10_001

function beginning(context: StatementContext, node: ListedNode): Facts {
  const zone = timeZoneOf(context)
  return {
    IP: node.host,
    HeartbeatPort: node.port,
    BePort: 9060,
    HttpPort: 8040,
    BrpcPort: 8060,
    LastStartTime: momentText(context.engine.startedMs, zone),
    LastHeartbeat: momentText(context.startMs, zone),
    Alive: 'true',
    SystemDecommissioned: String(isDecommissioned(node)),
    ClusterDecommissioned: 'false',
  }
}

function ending({ engine: { limits } }: StatementContext, node: NodeDescription): Facts {
  const { threads, memoryBytes, storageBytes } = limits
  return {
    Name: node.name,
    Group: node.group,
    Zone: node.zone,
    Note: `${NOTE} with ${threads} threads, ${sizeText(memoryBytes)} of memory and room for ${sizeText(storageBytes)}`,
  }
}

const room = ({ engine }: StatementContext, node: NodeDescription): number =>
  node.storageBytes ?? engine.limits.storageBytes

const usedBytes = ({ engine }: StatementContext, keeps: boolean): number =>
  keeps ? engine.duck.fileBytes() : 0

function capacity(context: StatementContext, node: ListedNode, keeps: boolean): Facts {
  const [all, used] = [room(context, node), usedBytes(context, keeps)]
  const share = percentText(used / all)
  return {
    DataUsedCapacity: sizeText(used),
    AvailCapacity: sizeText(Math.max(all - used, 0)),
    TotalCapacity: sizeText(all),
    UsedPct: share,
    MaxDiskUsedPct: share,
  }
}

function size(context: StatementContext, node: ListedNode, keeps: boolean): Facts {
  const all = room(context, node)
  return {
    DataTotalCapacity: sizeText(all),
    DataUsedPct: percentText(usedBytes(context, keeps) / all),
  }
}

/** StarRocks takes this share of a node's memory (mem_limit, 90 % by default). */
const MEMORY_SHARE = 0.9

/** Of the processors, what the process has had of them since it began. */
function load(context: StatementContext, node: ListedNode, keeps: boolean): Facts {
  const { engine } = context
  const limit = Math.floor((node.memoryBytes ?? engine.limits.memoryBytes) * MEMORY_SHARE)
  const cores = node.cpuCores ?? engine.limits.threads
  const { user, system } = process.cpuUsage()
  const busy = (user + system) / (process.uptime() * 1e6 * cores)
  const running = [...engine.sessions.values()].filter((session) => session.running)
  return {
    CpuCores: cores,
    // Without a blank here, and with one there.
    MemLimit: sizeText(limit, ''),
    NumRunningQueries: keeps ? running.length : 0,
    MemUsedPct: percentText(keeps ? process.memoryUsage.rss() / limit : 0),
    CpuUsedPct: `${(keeps ? Math.min(busy, 1) * 100 : 0).toFixed(1)} %`,
    DataCacheMetrics: 'Status: DISABLED',
  }
}

/** A partition is one tablet. */
function tabletCount({ engine }: StatementContext): number {
  const { current } = engine.store
  const tables = current
    .databases()
    .flatMap(({ id }) => current.relations(id))
    .filter((relation) => relation.kind !== 'view')
  return tables.reduce((count, { partitions }) => count + Math.max(partitions.length, 1), 0)
}

const percentText = (share: number): string => `${(share * 100).toFixed(2)} %`

/** As StarRocks writes sizes: `1.968 TB`. */
export function sizeText(bytes: number, blank = ' '): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB', 'PB']
  let at = 0
  let value = bytes
  for (; value >= 1024 && at < units.length - 1; at++) value /= 1024
  return `${value.toFixed(3)}${blank}${units[at]}`
}
