/**
 * How states of the core read on this wire. Tables, exhaustive by type: a state added to the core does not compile until it has
 * a word here. Facts: reference alibaba-starrocks.md 5.1 (instances), 5.2 (node groups), 5.3 (operations).
 */
import type { ClusterState } from '../../domain/cluster/lifecycle.ts'
import type { OperationStatus } from '../../domain/operation.ts'

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

const instanceStatusOf: { readonly [state in ClusterState]: InstanceStatus } = {
  unpaid: 'unpaid',
  creating: 'creating',
  running: 'running',
  changing: 'updating',
  failed: 'creating_failed',
  suspended: 'disable',
  resuming: 'enabling',
  // A subscription that has run out is disabled until it is renewed or its grace ends (11.5).
  isolated: 'disable',
  deleting: 'deleting',
  deleted: 'deleted',
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

const nodeGroupStatusOf: { readonly [state in ClusterState]: NodeGroupStatus } = {
  unpaid: 'UNPAID',
  creating: 'CREATING',
  running: 'RUNNING',
  changing: 'MODIFYING_CONFIG',
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

export function instanceStatus(state: ClusterState): InstanceStatus {
  return instanceStatusOf[state]
}

/** The states of the core that read as one of these words; none for words that only the real service reaches. */
export function statesOf(words: readonly string[]): readonly ClusterState[] {
  return keysWhere(instanceStatusOf, words)
}

export function nodeGroupStatus(state: ClusterState): NodeGroupStatus {
  return nodeGroupStatusOf[state]
}

export function operationStatus(status: OperationStatus): OperationStatusWord {
  return operationStatusOf[status]
}

export function operationStatusesOf(words: readonly string[]): readonly OperationStatus[] {
  return keysWhere(operationStatusOf, words)
}

function keysWhere<K extends string>(
  table: Readonly<Record<K, string>>,
  words: readonly string[],
): readonly K[] {
  return (Object.keys(table) as K[]).filter((key) => words.includes(table[key]))
}
