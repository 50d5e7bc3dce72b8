/**
 * How states of the core read on this wire. Tables, exhaustive by type: a state added to the core does not compile until it has
 * a word here. Facts: reference alibaba-starrocks.md 5.1 (instances), 5.2 (node groups), 5.3 (operations).
 */
import { changeVerb, type Change } from '../../domain/cluster/change.ts'
import type { Cluster } from '../../domain/cluster/cluster.ts'
import type { ClusterState } from '../../domain/cluster/lifecycle.ts'
import type { NodeGroup } from '../../domain/cluster/node-group.ts'
import {
  changeVerbs,
  isChangeVerb,
  type ChangeVerb,
  type OperationStatus,
  type OperationStep,
  type Verb,
} from '../../domain/operation.ts'

/** Every instance status that the service has; a filter may name any of them. */
export const instanceStatuses = [
  'not_init',
  'unpaid',
  'paid',
  'creating',
  'created',
  'creating_failed',
  'running',
  'updating',
  'upgrading',
  'restarting',
  'modifying_config',
  'modifying_timezone',
  'scaling_out',
  'scaling_in',
  'scaling_up',
  'scaling_down',
  'gateway_updating',
  'enable_public_network',
  'disable_public_network',
  'agent_creating',
  'agent_scaling_up',
  'convert_from_trial_to_official',
  'migration_cluster_to_serverless',
  'switch_az',
  'disable',
  'actively_disabled',
  'enabling',
  'deleting',
  'deleting_failed',
  'deleted_with_error',
  'deleted',
] as const

export type InstanceStatus = (typeof instanceStatuses)[number]

/** A change has a word of its own. */
type SteadyState = Exclude<ClusterState, 'changing'>

const instanceStatusOf: { readonly [state in SteadyState]: InstanceStatus } = {
  unpaid: 'unpaid',
  creating: 'creating',
  running: 'running',
  // Its engine does not answer and is being started again; the service shows no other word for that.
  impaired: 'restarting',
  failed: 'creating_failed',
  suspended: 'disable',
  resuming: 'enabling',
  // A subscription that has run out is disabled until it is renewed or its grace ends (11.5).
  isolated: 'disable',
  deleting: 'deleting',
  deleted: 'deleted',
}

/** The word of an instance, and of the node groups that the change is about (5.3). */
const statusOfChange: {
  readonly [verb in ChangeVerb]: {
    readonly instance: InstanceStatus
    readonly nodeGroup: NodeGroupStatus
  }
} = {
  restart: { instance: 'restarting', nodeGroup: 'RESTARTING' },
  'scale-out': { instance: 'scaling_out', nodeGroup: 'SCALING_OUT' },
  'scale-in': { instance: 'scaling_in', nodeGroup: 'SCALING_IN' },
  // No source names the instance's words for these and for groups that come or go (U8).
  'elastic-scale-out': { instance: 'scaling_out', nodeGroup: 'ELASTIC_SCALING_OUT' },
  'elastic-scale-in': { instance: 'scaling_in', nodeGroup: 'ELASTIC_SCALING_IN' },
  'add-group': { instance: 'updating', nodeGroup: 'CREATING' },
  'add-agent': { instance: 'agent_creating', nodeGroup: 'CREATING' },
  'remove-group': { instance: 'updating', nodeGroup: 'DELETING' },
  'resize-up': { instance: 'scaling_up', nodeGroup: 'SCALING_UP' },
  'resize-down': { instance: 'scaling_down', nodeGroup: 'SCALING_DOWN' },
  configure: { instance: 'modifying_config', nodeGroup: 'MODIFYING_CONFIG' },
  // No word is its own; groups have none for it at all.
  'switch-zone': { instance: 'switch_az', nodeGroup: 'SWITCH_AZ' },
  'set-password': { instance: 'updating', nodeGroup: 'RUNNING' },
  upgrade: { instance: 'upgrading', nodeGroup: 'UPGRADING' },
  downgrade: { instance: 'upgrading', nodeGroup: 'UPGRADING' },
  // Node groups have no word for their gateways being changed: they run on.
  'change-gateway': { instance: 'gateway_updating', nodeGroup: 'RUNNING' },
  'change-exposure': { instance: 'gateway_updating', nodeGroup: 'RUNNING' },
  'open-network': { instance: 'enable_public_network', nodeGroup: 'ENABLE_PUBLIC_NETWORK' },
  'close-network': { instance: 'disable_public_network', nodeGroup: 'DISABLE_PUBLIC_NETWORK' },
  'change-access': { instance: 'updating', nodeGroup: 'RUNNING' },
  // No action of this cloud changes services one by one.
  'start-service': { instance: 'updating', nodeGroup: 'RUNNING' },
  'stop-service': { instance: 'updating', nodeGroup: 'RUNNING' },
  'restart-service': { instance: 'restarting', nodeGroup: 'RESTARTING' },
  'enter-maintenance': { instance: 'updating', nodeGroup: 'RUNNING' },
  'exit-maintenance': { instance: 'updating', nodeGroup: 'RUNNING' },
  install: { instance: 'updating', nodeGroup: 'RUNNING' },
}

export const nodeGroupStatuses = [
  'UNPAID',
  'PAID',
  'CREATING_FAILED',
  'CREATING',
  'RUNNING',
  'MODIFYING_CONFIG',
  'MODIFYING_TIMEZONE',
  'ELASTIC_SCALING_OUT',
  'ELASTIC_SCALING_IN',
  'SCALING_OUT',
  'RESTARTING',
  'SCALING_IN',
  'SCALING_UP',
  'SCALING_DOWN',
  'UPGRADING',
  'ENABLE_PUBLIC_NETWORK',
  'DISABLE_PUBLIC_NETWORK',
  'SWITCH_AZ',
  'DISABLE',
  'DELETING',
  'DELETED',
] as const

export type NodeGroupStatus = (typeof nodeGroupStatuses)[number]

const nodeGroupStatusOf: { readonly [state in SteadyState]: NodeGroupStatus } = {
  unpaid: 'UNPAID',
  creating: 'CREATING',
  running: 'RUNNING',
  impaired: 'RESTARTING',
  failed: 'CREATING_FAILED',
  suspended: 'DISABLE',
  // Node groups have no word for being enabled again: they are disabled until they run.
  resuming: 'DISABLE',
  isolated: 'DISABLE',
  deleting: 'DELETING',
  deleted: 'DELETED',
}

/** RUNNING is not among the documented values, which name only ends; activities have it, and so do clients expect it. */
export const operationStatuses = ['RUNNING', 'COMPLETED', 'TERMINATED', 'HUMAN_PROCESSING'] as const

export type OperationStatusWord = (typeof operationStatuses)[number]

const operationStatusOf: { readonly [status in OperationStatus]: OperationStatusWord } = {
  running: 'RUNNING',
  completed: 'COMPLETED',
  failed: 'TERMINATED',
}

export function instanceStatus({
  status,
  change,
}: Pick<Cluster, 'status' | 'change'>): InstanceStatus {
  return statusWord(status.state, change && changeVerb(change))
}

/** The status for a refusal that knows the state and the verb of the change. */
export function statusWord(state: ClusterState, verb: Verb | undefined): InstanceStatus {
  if (state !== 'changing') return instanceStatusOf[state]
  return verb !== undefined && isChangeVerb(verb) ? statusOfChange[verb].instance : 'updating'
}

/** The states and changes of the core that read as one of these words; none for words that only the real service reaches. */
export function statesOf(words: readonly string[]): {
  readonly states: readonly ClusterState[]
  readonly changes: readonly ChangeVerb[]
} {
  const changes = changeVerbs.filter((verb) => words.includes(statusOfChange[verb].instance))
  return { states: keysWhere(instanceStatusOf, words), changes }
}

/** Groups that a change is not about run on. */
export function nodeGroupStatus(cluster: Cluster, group: NodeGroup): NodeGroupStatus {
  const { status, change } = cluster
  if (status.state !== 'changing') return nodeGroupStatusOf[status.state]
  if (!change || !concerns(change, group)) return 'RUNNING'
  return statusOfChange[changeVerb(change)].nodeGroup
}

/** Nodes that go are of the group that they were in. */
function concerns({ scope, before }: Change, { id, nodes }: NodeGroup): boolean {
  if (scope.of === 'cluster') return true
  if (scope.of === 'group') return scope.group === id
  const was = before.groups.find((group) => group.id === id)?.nodes ?? []
  return [...was, ...nodes].some((node) => scope.nodes.includes(node.id))
}

export function operationStatus(status: OperationStatus): OperationStatusWord {
  return operationStatusOf[status]
}

export function operationStatusesOf(words: readonly string[]): readonly OperationStatus[] {
  return keysWhere(operationStatusOf, words)
}

/** TERMINATED is not among the documented values, which know no failure; operations have it. */
const activityStatusOf: {
  readonly [status in Exclude<OperationStep['status'], 'waiting'>]: string
} = { running: 'RUNNING', completed: 'COMPLETED', failed: 'TERMINATED' }

export function activityStatus(status: keyof typeof activityStatusOf): string {
  return activityStatusOf[status]
}

function keysWhere<K extends string>(
  table: Readonly<Record<K, string>>,
  words: readonly string[],
): readonly K[] {
  return (Object.keys(table) as K[]).filter((key) => words.includes(table[key]))
}
