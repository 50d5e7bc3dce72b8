/** Changes of clusters of both dialects, drawn at random from those that the cluster's shape allows, as their clients send them. */
import type { ChangeVerb } from '../../../src/domain/operation.ts'
import type { Client } from './client.ts'
import {
  isBusy,
  Refused,
  type ExpectedCluster,
  type Shape,
  type TokenRequest,
} from './expected-cluster.ts'

interface Candidate {
  readonly verb: ChangeVerb
  readonly becomes: Partial<Shape>
  /** Sends it; `busy` when the cluster is not ready for it. */
  readonly send: (client: Client) => Promise<'done' | 'busy'>
}

/** Never beyond, so that clusters do not outgrow what the simulated cloud sells. */
const NODES_MAX = 5
const DISK_MAX_GIB = 1000
const NODES_MIN = { alibaba: 3, tencent: 2 }

/** Sends one change and notes what may be expected then. Rejects when the connection broke: then the change is in doubt. */
export async function changeAtRandom(
  client: Client,
  it: ExpectedCluster,
  draw: { readonly fraction: () => number; readonly token: string },
): Promise<void> {
  const candidates =
    it.dialect === 'alibaba' ? instanceCandidates(it) : hadoopCandidates(it, draw.token)
  const candidate = candidates[Math.floor(draw.fraction() * candidates.length)]
  if (!candidate) return
  const { verb } = candidate
  const shape = { ...it.shape, ...candidate.becomes }
  it.doubt = { verb, shape }
  const outcome = await candidate.send(client)
  if (outcome === 'done') acknowledge(it)
  else delete it.doubt
}

/** The change in doubt is none any more: it was done. */
export function acknowledge(it: ExpectedCluster): void {
  if (!it.doubt) return
  it.changes.push(it.doubt.verb)
  it.shape = it.doubt.shape
  delete it.doubt
}

function instanceCandidates(it: ExpectedCluster): readonly Candidate[] {
  const { nodes, cpu, diskGib, frontRestarts, restarts } = it.shape
  const send = (path: string, members: Readonly<Record<string, string>>) => (client: Client) =>
    sendAlibaba(client, it, { path, members })
  const number = (target: number, verb: ChangeVerb): Candidate => ({
    verb,
    becomes: { nodes: target },
    send: send('/webapi/resourceChange/modifyNodeNumber', { Target: String(target) }),
  })
  const target = cpu === 8 ? 16 : 8
  const grown = diskGib + 100
  return [
    {
      verb: 'restart',
      becomes: { frontRestarts: frontRestarts + 1, restarts: restarts + 1 },
      send: send('/webapi/starrocks/restartCluster', {}),
    },
    {
      verb: 'restart',
      becomes: { restarts: restarts + 1 },
      send: send('/webapi/nodegroup/restart', { FastMode: 'true' }),
    },
    ...(nodes < NODES_MAX ? [number(nodes + 1, 'scale-out')] : []),
    ...(nodes > NODES_MIN.alibaba ? [number(nodes - 1, 'scale-in')] : []),
    {
      verb: target > cpu ? 'resize-up' : 'resize-down',
      becomes: { cpu: target },
      send: send('/webapi/resourceChange/modifyCu', { Target: String(target) }),
    },
    ...(grown > DISK_MAX_GIB
      ? []
      : [
          {
            verb: 'resize-up',
            becomes: { diskGib: grown },
            send: send('/webapi/resourceChange/modifyDiskSize', { Target: String(grown) }),
          } as const,
        ]),
  ]
}

/** The restart of an instance takes no group, all others are about its compute nodes. */
async function sendAlibaba(
  client: Client,
  { id = '' }: ExpectedCluster,
  it: { readonly path: string; readonly members: Readonly<Record<string, string>> },
): Promise<'done' | 'busy'> {
  const about = { RegionId: 'cn-hangzhou', InstanceId: id }
  const whole = it.path.endsWith('restartCluster')
  const group = whole ? {} : { NodeGroupId: await computeGroup(client, id) }
  const query = { ...about, ...group, ...it.members }
  const { status, body } = await client.alibaba(it.path, { query })
  if (status === 200) return 'done'
  if (isBusy(body['Code'])) return 'busy'
  throw new Refused(body)
}

async function computeGroup(client: Client, id: string): Promise<string> {
  const query = { RegionId: 'cn-hangzhou', ClusterId: id }
  const { status, body } = await client.alibaba('/webapi/nodegroup/describeNodeGroups', { query })
  if (status !== 200) throw new Refused(body)
  const groups = body['Data'] as readonly Record<string, unknown>[]
  return String(groups.find((each) => each['ComponentType'] === 'CN')?.['NodeGroupId'])
}

function hadoopCandidates(it: ExpectedCluster, token: string): readonly Candidate[] {
  const { nodes, tasks, cpu, diskGib } = it.shape
  const out = (member: 'CoreCount' | 'TaskCount', becomes: Partial<Shape>): Candidate => ({
    verb: 'scale-out',
    becomes,
    send: async (client) => {
      const parameters = { TimeUnit: 's', TimeSpan: 3600, PayMode: 0, [member]: 1 }
      return sendTokened(client, it, { action: 'ScaleOutInstance', parameters, token })
    },
  })
  const target = cpu === 4 ? 8 : 4
  const grown = diskGib + 100
  const act = (flag: 'core' | 'task', request: NodeRequest) => async (client: Client) => {
    const found = await nodesOf(client, it, flag)
    return found ? request(client, found) : 'busy'
  }
  const candidates: readonly (Candidate | false)[] = [
    nodes < NODES_MAX && out('CoreCount', { nodes: nodes + 1 }),
    tasks < NODES_MAX && out('TaskCount', { tasks: tasks + 1 }),
    nodes > NODES_MIN.tencent && {
      verb: 'scale-in',
      becomes: { nodes: nodes - 1 },
      send: act('core', (client, found) => {
        const members = { CvmInstanceIds: machinesOf(found).slice(-1), NodeFlag: 'CORE' }
        return sendTencent(client, it, { action: 'TerminateClusterNodes', members })
      }),
    },
    tasks > 0 && {
      verb: 'scale-in',
      becomes: { tasks: tasks - 1 },
      send: act('task', (client, found) => {
        const members = { ResourceIds: idsOf(found).slice(0, 1) }
        return sendTencent(client, it, { action: 'TerminateTasks', members })
      }),
    },
    diskGib < DISK_MAX_GIB && {
      verb: 'resize-up',
      becomes: { diskGib: grown },
      send: act('core', (client, found) => {
        const members = { CvmInstanceIds: machinesOf(found), DiskSize: grown, ResizeAll: true }
        return sendTencent(client, it, { action: 'ResizeDataDisks', members })
      }),
    },
    tasks > 0 && {
      verb: target > cpu ? 'resize-up' : 'resize-down',
      becomes: { cpu: target },
      send: act('task', (client, found) => {
        const size = { PayMode: 0, NewCpu: target, NewMem: 2 * target }
        const parameters = { ...size, ResourceIdList: idsOf(found) }
        return sendTokened(client, it, { action: 'ModifyResource', parameters, token })
      }),
    },
  ]
  return candidates.filter((each) => each !== false)
}

/** A request about nodes that were listed just now. */
type NodeRequest = (
  client: Client,
  found: readonly Record<string, unknown>[],
) => ReturnType<Candidate['send']>

function machinesOf(nodes: readonly Record<string, unknown>[]): readonly unknown[] {
  return nodes.map((node) => node['OrderNo'])
}

function idsOf(nodes: readonly Record<string, unknown>[]): readonly unknown[] {
  return nodes.map((node) => node['EmrResourceId'])
}

/**
 * Undefined while there are others than the cluster was promised to have: an earlier change is under way, and whatever names its
 * nodes now would be refused, or be about a part of them.
 */
async function nodesOf(
  client: Client,
  { id, shape }: ExpectedCluster,
  flag: 'core' | 'task',
): Promise<readonly Record<string, unknown>[] | undefined> {
  const page = { InstanceId: id, NodeFlag: flag, Limit: 100 }
  const answer = await client.tencent('DescribeClusterNodes', page)
  if (answer['Error']) throw new Refused(answer)
  const nodes = answer['NodeList'] as readonly Record<string, unknown>[]
  const expected = flag === 'core' ? shape.nodes : shape.tasks
  return nodes.length === expected ? nodes : undefined
}

async function sendTencent(
  client: Client,
  { id }: ExpectedCluster,
  it: { readonly action: string; readonly members: object },
): Promise<'done' | 'busy'> {
  const answer = await client.tencent(it.action, { InstanceId: id, ...it.members })
  return codeOf(answer) === undefined ? 'done' : 'busy'
}

async function sendTokened(
  client: Client,
  it: ExpectedCluster,
  request: { readonly action: string; readonly parameters: object; readonly token: string },
): Promise<'done' | 'busy'> {
  const { action, token } = request
  const parameters = { InstanceId: it.id, ...request.parameters, ClientToken: token }
  const sent: TokenRequest = { action, parameters }
  it.tokenRequests.push(sent)
  const outcome = await sendAgain(client, sent)
  if (outcome === 'busy') it.tokenRequests.pop()
  else sent.answer = outcome
  return outcome === 'busy' ? 'busy' : 'done'
}

/** What the operation is named by, the same each time; or `busy`. */
export async function sendAgain(client: Client, it: TokenRequest): Promise<string> {
  const answer = await client.tencent(it.action, it.parameters)
  return codeOf(answer) === undefined ? String(answer['TraceId']) : 'busy'
}

function codeOf(answer: Readonly<Record<string, unknown>>): string | undefined {
  const code = (answer['Error'] as { Code: string } | undefined)?.Code
  if (code !== undefined && !isBusy(code)) throw new Refused(answer)
  return code
}
