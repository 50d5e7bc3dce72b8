/** Processes of services as their clients read them: what the substrate reported of each, or what its node lets expect. */
import { nodeStatus, type Cluster } from '../../../../domain/cluster/cluster.ts'
import type { DaemonState, WantedDaemon } from '../../../../domain/cluster/daemon.ts'
import type { Node, NodeGroup } from '../../../../domain/cluster/node-group.ts'
import { componentOf } from '../../catalogue/component.ts'
import { podRoleOf } from '../../catalogue/container.ts'
import { roleOf } from '../../states.ts'
import { numberOf } from '../identifier.ts'
import { shownGroups } from '../node/shown-group.ts'
import { noTime, timeText } from '../time-text.ts'
import { daemonsOfNode } from './placement.ts'
import type { ProcessView } from './shape.ts'

export interface Process {
  readonly service: string
  readonly role: string
  readonly state: ProcessState
  readonly maintained: boolean
  readonly view: ProcessView
}

/** `unknown` while its node does not serve. */
export type ProcessState = DaemonState | 'unknown'

export function processesIn(cluster: Cluster, language: 'zh' | 'en'): readonly Process[] {
  return shownGroups(cluster).flatMap((group) =>
    group.nodes.flatMap((node) =>
      daemonsOfNode(cluster, group, node).map((daemon) => {
        const state = stateOf(cluster, node, daemon)
        return {
          service: daemon.service,
          role: group.role,
          state,
          maintained: daemon.maintenance !== undefined,
          view: viewProcess(cluster, { group, node, daemon, state, language }),
        }
      }),
    ),
  )
}

export function stateOf(cluster: Cluster, node: Node, wanted: WantedDaemon): ProcessState {
  const { ready } = nodeStatus(cluster, node)
  const reported = reportedOf(cluster, node, wanted)
  if (reported) return reported.state
  if (!wanted.running || !cluster.spec.running) return 'stopped'
  return ready ? 'running' : 'unknown'
}

function reportedOf(cluster: Cluster, node: Node, { service, name }: WantedDaemon) {
  return nodeStatus(cluster, node).daemons?.find(
    (each) => each.service === service && each.name === name,
  )
}

/** The configuration of a service on the nodes of one role. */
export function configurationGroup(service: string, role: string): string {
  return `${service.toLowerCase()}-${role}-defaultGroup`
}

const STARTED = 1
const STOPPED = 2
const SYNCHRONISED = 1
const EXPIRED = -1

/** Codes and words; a process that was stopped does not serve, whoever stopped it. */
const health = {
  good: { Code: 1, zh: '良好', en: 'Good' },
  bad: { Code: 0, zh: '不可用', en: 'Unavailable' },
  unknown: { Code: -2, zh: '未知', en: 'Unknown' },
  unwatched: { Code: -4, zh: '未探测', en: 'Not detected' },
} as const

const healthOf: { readonly [state in ProcessState]: keyof typeof health } = {
  running: 'good',
  starting: 'unknown',
  stopping: 'bad',
  stopped: 'bad',
  failed: 'bad',
  unknown: 'unknown',
}

interface Viewed {
  readonly group: NodeGroup
  readonly node: Node
  readonly daemon: WantedDaemon
  readonly state: ProcessState
  readonly language: 'zh' | 'en'
}

function viewProcess(cluster: Cluster, it: Viewed): ProcessView {
  const { group, node, daemon, state, language } = it
  const { service, name, maintenance } = daemon
  const isUp = state === 'running' || state === 'starting'
  const unwatched = maintenance === 'unwatched'
  const { Code, ...words } = health[unwatched && isUp ? 'unwatched' : healthOf[state]]
  const confGroup = configurationGroup(service, group.role)
  const reported = reportedOf(cluster, node, daemon)
  // One that does not run where its cluster does was never started.
  const sinceMs = reported ? reported.sinceMs : cluster.status.startedMs
  const status = isUp ? STARTED : STOPPED
  return {
    Ip: nodeStatus(cluster, node).address,
    NodeType: numberOfProcess(service, name),
    NodeName: name,
    ServiceStatus: status,
    MonitorStatus: unwatched ? 0 : 1,
    Status: status,
    PortsInfo: '',
    LastRestartTime: sinceMs === undefined ? noTime : timeText(sinceMs),
    Flag: roleOf.get(group.role)?.flag ?? 0,
    ConfGroupId: numberOf(`${cluster.id} ${confGroup}`),
    ConfGroupName: confGroup,
    ConfStatus: cluster.change?.kind === 'configure' ? EXPIRED : SYNCHRONISED,
    ServiceDetectionInfo: [],
    NodeFlagFilter: group.role,
    HealthStatus: { Code, Text: words[language], Desc: '' },
    IsSupportRoleMonitor: true,
    StopPolicies: null,
    HAState: '',
    NameService: '',
    IsFederation: false,
    DataNodeMaintenanceState: name === 'DataNode' && maintenance !== undefined ? 1 : 0,
  }
}

function numberOfProcess(service: string, name: string): number {
  const component = componentOf(service.toLowerCase())
  const own = component?.processes.find((process) => process.name === name)
  return own?.number ?? podRoleOf(name)?.number ?? 0
}
