/**
 * RunJobFlow: jobs that a cluster runs one after the other, each submitted on its first master; with the last one the cluster may end
 * (reference: tencent-emr.md 4.4, 5.8). The cluster is one that is there, or is made for them, in the same step as the flow.
 */
import type { Call } from '../../../../app/call.ts'
import type { Core } from '../../../../app/core.ts'
import type { ObjectVolume } from '../../../../domain/object-storage.ts'
import type { NewJobFlow } from '../../../../app/job-flow/begin.ts'
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import {
  choice,
  flag,
  integer,
  list,
  object,
  optional,
  text,
  type Static,
  type TObject,
} from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { clusterId, clusterResource } from '../cluster/cluster-id.ts'
import { creationFaults, order } from '../cluster/creation.ts'
import { checkToken, folderOf } from '../cluster/option.ts'
import { given, invalid, missing, unsupported } from '../refusal.ts'
import { renaming } from '../renaming.ts'
import { componentsOf } from '../service/placement.ts'
import { clusterInput, creationOf } from './cluster-setting.ts'

const STEPS_MAX = 50
const ARGS_MAX = 100

const step = object({
  Name: text({ trim: true, min: 1, max: 128 }),
  ExecutionStep: object({
    JobType: choice(['MR', 'HIVE', 'SPARK'], { code: 'InvalidParameter.InvalidJobType' }),
    Args: list(text({ max: 2_048 }), { max: ARGS_MAX }),
  }),
  ActionOnFailure: choice(['TERMINATE_CLUSTER', 'CONTINUE'], {
    code: 'InvalidParameter.InvalidFailurePolicy',
  }),
  User: optional(text({ trim: true, pattern: /^[A-Za-z_][\w.-]{0,31}$/ })),
})

const input = {
  Name: text({ trim: true, min: 1, max: 128 }),
  CreateCluster: flag(),
  Steps: list(step, { min: 1, max: STEPS_MAX }),
  InstancePolicy: choice(['Terminate', 'Reserve'], {
    code: 'InvalidParameter.InvalidInstancePolicy',
  }),
  InstanceId: optional(clusterId('InvalidParameter.InvalidInstance')),
  ClientToken: optional(text()),
  ...clusterInput,
}

type Input = Static<TObject<typeof input>>

/** What each kind of job is submitted with, and what has to be there for it. */
const JOBS = {
  MR: { command: 'hadoop jar', component: 'yarn' },
  HIVE: { command: 'hive -f', component: 'hive' },
  SPARK: { command: 'spark-submit', component: 'spark' },
} as const

export const runJobFlow = action({
  name: 'RunJobFlow',
  input,
  output: { JobFlowId: integer() },
  faults: ['ClusterNotFound', ...creationFaults],
  resources: (call, { InstanceId: id }) => [clusterResource(call, id ?? '*')],
  async run(core, call, asked) {
    if (asked.CreateCluster) return { JobFlowId: await withCluster(core, call, asked) }
    refuseClusterMembers(asked)
    const { ClientToken, InstanceId: id, ...parameters } = asked
    if (id === undefined) throw missing('InstanceId')
    const token = checkToken(ClientToken)
    const number = await core.jobFlows.run(call, id, {
      key: { token, parameters: { ...parameters, InstanceId: id, Region: call.region } },
      decide: (was) => flowOf(was, asked),
    })
    return { JobFlowId: number }
  },
})

/** Both are created in one transaction. */
async function withCluster(core: Core, call: Call, asked: Input): Promise<number> {
  if (given(asked.InstanceId) !== undefined)
    throw unsupported('InstanceId', 'the cluster is made for the jobs')
  const { ClientToken, ...parameters } = asked
  const token = checkToken(ClientToken)
  const key = { parameters: { ...parameters, Region: call.region }, token }
  const earlier = await core.clusters.created(call, key)
  if (earlier) return earlier.jobFlow ?? 0
  const words = { names: [], codes: CODES }
  const { creation, names } = renaming(words, () => creationOf(asked.Name, asked))
  const logs = logsOf(core, call, asked.LogUri)
  const { jobFlow = 0 } = await renaming({ ...words, names }, () =>
    order(core, call, {
      logs,
      input: { ...creation, ...(ClientToken === undefined ? {} : { ClientToken }) },
      parameters,
      jobFlow: ({ spec, charge }) =>
        flowOf({ spec: { ...spec, generation: 1, running: true }, charge }, asked),
    }),
  )
  return jobFlow
}

/** With the store's own key, as the request has none: in a declared bucket, where something keeps objects. */
function logsOf(core: Core, call: Call, uri: string | undefined): ObjectVolume | undefined {
  const path = given(uri)
  if (path === undefined) return undefined
  const folder = folderOf(path)
  if (!folder) {
    const rule = 'it must look like cosn://bucket/path'
    throw invalid({ name: 'LogUri', code: 'InvalidParameter', rule, value: path })
  }
  const isDeclared = core.objectStorage.declares(call.product, folder.bucket)
  if (isDeclared === undefined)
    throw unsupported('LogUri', 'nothing keeps objects in this environment (object-storage)')
  if (!isDeclared) {
    const rule = 'its bucket must be one of those that the environment declares'
    throw invalid({ name: 'LogUri', code: 'InvalidParameter', rule, value: path })
  }
  return folder
}

/** What its own list has in place of CreateInstance's codes (2.9). */
const CODES: ReadonlyMap<string, string> = new Map([
  ['InvalidParameter.InvalidProductVersion', 'InvalidParameter.InvalidProduct'],
  ['InvalidParameter.InvalidProductId', 'InvalidParameter.InvalidProduct'],
  ['InvalidParameter.InvalidPreExecutedFile', 'InvalidParameter.InvalidBootstrapAction'],
  ['InvalidParameter.InvalidCosFileURI', 'InvalidParameter.InvalidBootstrapAction'],
  ['InvalidParameter.InvalidExtendField', 'InvalidParameter'],
  ['InvalidParameter.InvalidServiceName', 'InvalidParameter'],
])

/** They say what is made with CreateCluster alone. */
function refuseClusterMembers(asked: Input): void {
  if (given(asked.LogUri) !== undefined)
    throw unsupported('LogUri', 'logs of a cluster that is there go where it was made to send them')
  for (const name of ['ProductVersion', 'ApplicationRole'] as const)
    if (given(asked[name]) !== undefined) throw unsupported(name)
  for (const name of ['Software', 'BootstrapActions', 'Configurations'] as const)
    if ((asked[name] ?? []).length > 0) throw unsupported(name)
  if (asked.SecurityClusterFlag) throw unsupported('SecurityClusterFlag')
  if (asked.Instance !== undefined) throw unsupported('Instance')
}

/** Throws ServiceNotSupport for what the cluster cannot run. */
function flowOf(
  cluster: Pick<Cluster, 'spec' | 'charge'>,
  { Name: name, Steps, InstancePolicy }: Input,
): NewJobFlow {
  const master = cluster.spec.groups.find(({ role }) => role === 'master')?.nodes[0]
  const components = componentsOf(cluster)
  const unable = Steps.findIndex(
    ({ ExecutionStep: { JobType } }) => !master || !components.includes(JOBS[JobType].component),
  )
  if (!master || unable >= 0) {
    const { JobType } = Steps[Math.max(0, unable)]!.ExecutionStep
    throw invalid({
      name: `Steps.${Math.max(0, unable)}.ExecutionStep.JobType`,
      code: 'UnsupportedOperation.ServiceNotSupport',
      rule: `the cluster has no ${JOBS[JobType].component}`,
      value: JobType,
    })
  }
  const ends = Steps.some(({ ActionOnFailure }) => ActionOnFailure === 'TERMINATE_CLUSTER')
  if (cluster.charge.mode === 'prepaid' && (InstancePolicy === 'Terminate' || ends))
    throw unsupported('InstancePolicy', 'a subscription does not end with a job')
  return {
    name,
    node: master.id,
    endsCluster: InstancePolicy === 'Terminate',
    steps: Steps.map(({ Name, ExecutionStep: { JobType, Args }, ActionOnFailure, User }) => ({
      name: Name,
      command: JOBS[JobType].command,
      args: Args,
      user: User ?? 'hadoop',
      endsCluster: ActionOnFailure === 'TERMINATE_CLUSTER',
      state: 'waiting',
    })),
  }
}
