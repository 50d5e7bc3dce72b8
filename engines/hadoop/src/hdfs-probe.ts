/** How HDFS' daemons are asked whether they work: by the NameNodes' own account, of which one is active. */
import type { DaemonPeer, DaemonPlan, Probe } from '../../../src/substrate/local/service.ts'
import { bean } from './site.ts'

export const NAME_NODE = 'hdfs-namenode'

const INFO = 'Hadoop:service=NameNode,name=NameNodeInfo'
const STATUS = 'Hadoop:service=NameNode,name=NameNodeStatus'
const STATE = 'Hadoop:service=NameNode,name=FSNamesystemState'
const FILES = 'Hadoop:service=NameNode,name=FSNamesystem'
const OWN = 'Hadoop:service=DataNode,name=DataNodeInfo'
const LACKS = ['LowRedundancyBlocks', 'PendingReconstructionBlocks', 'MissingBlocks']

export async function probeNameNode(plan: DaemonPlan): Promise<Probe> {
  const { host, ports } = plan
  const [, http = 0] = ports
  const { State: state } = await bean(host, http, STATUS)
  if (state === 'active') {
    const { FSState: files } = await bean(host, http, STATE)
    if (files === 'Operational') return { answering: true }
    return {
      answering: false,
      waiting: true,
      reason: `its file system is in ${String(files)} mode`,
    }
  }
  const active = await activeOf(plan)
  if (state === 'standby' && active) return { answering: true }
  return { answering: false, waiting: true, reason: `it is ${String(state)}, and none is active` }
}

export async function activeAddress(plan: DaemonPlan) {
  const active = await activeOf(plan)
  if (!active) throw new Error('no NameNode is active')
  return { host: active.host, port: active.ports[1] ?? 0 }
}

async function activeOf(plan: DaemonPlan): Promise<DaemonPeer | undefined> {
  const all = plan.peers.filter(({ daemon }) => daemon === NAME_NODE)
  const states = await Promise.all(
    all.map(({ host, ports: [, http = 0] }) =>
      bean(host, http, STATUS).then(
        ({ State: state }) => state,
        () => 'gone',
      ),
    ),
  )
  return all.find((_, at) => states[at] === 'active')
}

interface KnownNode {
  readonly xferaddr?: string
  readonly adminState?: string
}

/** It serves when the active NameNode counts it; what it keeps is elsewhere once that says so. */
export async function probeDataNode(plan: DaemonPlan): Promise<Probe> {
  const { host, ports } = plan
  const { VolumeInfo: volumes } = await bean(host, ports[1] ?? 0, OWN)
  const active = await activeOf(plan)
  if (!active) return { answering: false, waiting: true, reason: 'no NameNode is active' }
  // One that was restarted is alive to its NameNode for some seconds, whatever it does.
  if (volumes === '') return { answering: false, waiting: true, reason: 'its volumes are not open' }
  const { LiveNodes: live } = await bean(active.host, active.ports[1] ?? 0, INFO)
  const own = entryOf(plan, live)
  if (!own) return { answering: false, reason: 'its NameNode does not know it' }
  return { answering: true, drained: own.adminState === 'Decommissioned' }
}

/**
 * One that is stopped is alive to its NameNode for some seconds, then dead, and decommissioned in either once all blocks have their copies
 * elsewhere. A NameNode that was started since then does not know it: then no block may lack a copy.
 */
export async function isDataNodeDrained(plan: DaemonPlan): Promise<boolean> {
  const { host, port } = await activeAddress(plan)
  const { LiveNodes: live, DeadNodes: dead } = await bean(host, port, INFO)
  const own = entryOf(plan, live) ?? entryOf(plan, dead)
  if (own) return own.adminState === 'Decommissioned'
  const files = await bean(host, port, FILES)
  return LACKS.every((name) => files[name] === 0)
}

/** Its own in a list of nodes, which is JSON in a text. */
function entryOf({ host, ports: [data] }: DaemonPlan, text: unknown): KnownNode | undefined {
  const nodes = JSON.parse(String(text)) as Readonly<Record<string, KnownNode>>
  return Object.values(nodes).find(({ xferaddr }) => xferaddr === `${host}:${data}`)
}

/** It answers no question of its own; what it is there for is that its NameNode is active or standby, and one is active. */
export async function probeController(plan: DaemonPlan): Promise<Probe> {
  if (await activeOf(plan)) return { answering: true }
  return { answering: false, waiting: true, reason: 'it has made no NameNode active yet' }
}
