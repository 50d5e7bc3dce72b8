/**
 * RunJobFlow: jobs that a cluster runs one after the other, each submitted on its first master; with the last one the cluster may end
 * (reference: tencent-emr.md 4.4, 5.8). A cluster is not made for them here.
 */
import type { NewJobFlow } from '../../../../app/job-flow/job-flows.ts'
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
import { checkToken } from '../cluster/option.ts'
import { given, invalid, missing, unsupported } from '../refusal.ts'
import { componentsOf } from '../service/placement.ts'

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
  ProductVersion: optional(text()),
  SecurityClusterFlag: optional(flag()),
  Software: optional(list(text(), { max: 50 })),
  BootstrapActions: optional(list(object({ Path: text(), WhenRun: text() }), { max: 16 })),
  Configurations: optional(list(object({ Classification: text(), Properties: text() }))),
  LogUri: optional(text()),
  InstanceId: optional(clusterId('InvalidParameter.InvalidInstance')),
  ApplicationRole: optional(text()),
  ClientToken: optional(text()),
  Instance: optional(object({ InstanceChargeType: text() })),
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
  faults: ['ClusterNotFound', 'IdempotencyConflict', 'LimitReached', 'NotSupported'],
  resources: (call, { InstanceId: id }) => [clusterResource(call, id ?? '*')],
  async run(core, call, asked) {
    refuseUnsupported(asked)
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

function refuseUnsupported(asked: Input): void {
  if (asked.CreateCluster) throw unsupported('CreateCluster', 'jobs run on a cluster that is there')
  for (const name of ['ProductVersion', 'LogUri', 'ApplicationRole'] as const)
    if (given(asked[name]) !== undefined) throw unsupported(name)
  for (const name of ['Software', 'BootstrapActions', 'Configurations'] as const)
    if ((asked[name] ?? []).length > 0) throw unsupported(name)
  if (asked.SecurityClusterFlag) throw unsupported('SecurityClusterFlag')
  if (asked.Instance !== undefined) throw unsupported('Instance')
}

/** Throws ServiceNotSupport for what the cluster cannot run. */
function flowOf(cluster: Cluster, { Name: name, Steps, InstancePolicy }: Input): NewJobFlow {
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
