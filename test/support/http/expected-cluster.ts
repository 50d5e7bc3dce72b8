/**
 * What a client may expect of a cluster that it created: its name, its shape, its changes and its end. What was sent and never
 * answered is in doubt: it may have happened or not, and everything else must be exactly so.
 */
import type { ChangeVerb } from '../../../src/domain/operation.ts'
import { hadoopBody, instanceBody } from './body.ts'
import type { Client } from './client.ts'

/** What changes make different. Of StarRocks the compute nodes are meant; of EMR the core nodes, and of their number beside it the tasks. */
export interface Shape {
  readonly nodes: number
  /** Task nodes; none in StarRocks. */
  readonly tasks: number
  /** Cores of each compute node, or of each task node. */
  readonly cpu: number
  /** Of each compute node, or of each core node. */
  readonly diskGib: number
  /** How often a frontend, and a compute node, was restarted. */
  readonly frontRestarts: number
  readonly restarts: number
}

/** A request under a token: sent again it is answered as its first try was. */
export interface TokenRequest {
  readonly action: string
  readonly parameters: object
  /** What its answer names the operation by; undefined while it is in doubt. */
  answer?: string
}

export interface ExpectedCluster {
  readonly dialect: 'alibaba' | 'tencent'
  readonly token: string
  /** The name under which it was requested. */
  readonly name: string
  /** Set once the creation was acknowledged. */
  id?: string
  /** The names it may have: one when the last rename was acknowledged, more while one is in doubt. */
  names: ReadonlySet<string>
  deletion: 'none' | 'requested' | 'acknowledged'
  shape: Shape
  /** The verbs of all acknowledged changes. */
  readonly changes: ChangeVerb[]
  /** A change that was not answered, and the shape that it leads to. */
  doubt?: { readonly verb: ChangeVerb; readonly shape: Shape }
  readonly tokenRequests: TokenRequest[]
}

export function newExpectedCluster(
  name: string,
  dialect: ExpectedCluster['dialect'],
): ExpectedCluster {
  return {
    dialect,
    token: `token-${name}`,
    name,
    names: new Set([name]),
    deletion: 'none',
    shape: dialect === 'alibaba' ? instanceShape : hadoopShape,
    changes: [],
    tokenRequests: [],
  }
}

const restarted = { frontRestarts: 0, restarts: 0 }
const instanceShape: Shape = { nodes: 3, tasks: 0, cpu: 8, diskGib: 200, ...restarted }
const hadoopShape: Shape = { nodes: 2, tasks: 1, cpu: 4, diskGib: 100, ...restarted }

/** Creates under the entry's token; repeating it answers with the same id. */
export async function createExpected(client: Client, it: ExpectedCluster): Promise<string> {
  if (it.dialect === 'tencent') {
    const answer = await client.tencent('CreateInstance', withTask(hadoopBody(it.name, it.token)))
    if (answer['Error']) throw new Refused(answer)
    return String(answer['InstanceId'])
  }
  const { status, body } = await client.alibaba('/webapi/cluster/createV1', {
    body: instanceBody(it.name, it.token),
  })
  if (status !== 200) throw new Refused(body)
  return String((body['Data'] as Record<string, unknown>)['InstanceId'])
}

function withTask(body: { readonly ResourceSpec?: { readonly CoreResourceSpec?: unknown } }) {
  const { ResourceSpec: spec } = body
  const tasks = { TaskResourceSpec: spec?.CoreResourceSpec, TaskCount: 1 }
  return { ...body, ResourceSpec: { ...spec, ...tasks } }
}

/** Both vendors refuse changes of a cluster that is still on its way; that is an answer like any other. */
export function isBusy(code: unknown): boolean {
  return code === 'ResourceInUse.InstanceInProcess' || code === 'OperationDenied.InstanceStatus'
}

export class Refused extends Error {
  constructor(answer: unknown) {
    super(`refused: ${JSON.stringify(answer)}`)
    this.name = 'Refused'
  }
}
