/**
 * From the core's states to this cloud's codes and words, exhaustive by type (reference: tencent-emr.md 4.1-4.3).
 *
 * An isolated cluster is shown as 201, which is what the Terraform provider waits for after the first TerminateInstance of a
 * prepaid cluster; the documented 19 and 23 pass at once.
 */
import { changeVerb, type Change } from '../../domain/cluster/change.ts'
import type { Cluster } from '../../domain/cluster/cluster.ts'
import type { ClusterState } from '../../domain/cluster/lifecycle.ts'
import { changeVerbs } from '../../domain/operation.ts'
import type { ChangeVerb, OperationStatus, OperationStep } from '../../domain/operation.ts'
import { statusText } from './catalogue/status.ts'

const codeOfState: { readonly [state in Exclude<ClusterState, 'changing'>]: number } = {
  unpaid: 0,
  creating: 3,
  running: 2,
  // Services are being started again; nothing documented says that they failed.
  impaired: 8,
  failed: 301,
  suspended: 10,
  resuming: 12,
  isolated: 201,
  deleting: 14,
  deleted: -2,
}

const codeOfChange: { readonly [verb in ChangeVerb]: number } = {
  restart: 8,
  'scale-out': 4,
  'scale-in': 24,
  'elastic-scale-out': 4,
  'elastic-scale-in': 24,
  'add-group': 4,
  'add-agent': 4,
  'remove-group': 24,
  'resize-up': 22,
  'resize-down': 22,
  configure: 13,
  'set-password': 13,
  'switch-zone': 13,
  upgrade: 6,
  downgrade: 6,
  // No action of this cloud changes how clients get in; the nearest is the change of a configuration.
  'change-gateway': 13,
  'change-exposure': 13,
  'open-network': 13,
  'close-network': 13,
  'change-access': 13,
  'start-service': 7,
  'stop-service': 7,
  'restart-service': 8,
  'enter-maintenance': 9,
  'exit-maintenance': 11,
  install: 6,
}

/** What goes is named by its role, where all of it is of one. */
const codeOfRemoval: ReadonlyMap<string, number> = new Map([
  ['core', 15],
  ['task', 16],
  ['router', 17],
])

export function statusOf(cluster: Pick<Cluster, 'status' | 'change'>): number {
  const { status, change } = cluster
  if (status.state !== 'changing') return codeOfState[status.state]
  if (!change) return codeOfChange['resize-up']
  const verb = changeVerb(change)
  const role = verb === 'scale-in' ? removedRole(change) : undefined
  return codeOfRemoval.get(role ?? '') ?? codeOfChange[verb]
}

function removedRole({ scope, before }: Change): string | undefined {
  if (scope.of !== 'nodes') return undefined
  const roles = new Set(
    before.groups
      .filter(({ nodes }) => nodes.some(({ id }) => scope.nodes.includes(id)))
      .map(({ role }) => role),
  )
  return roles.size === 1 ? [...roles][0] : undefined
}

/** States by ascending code, as a listing sorts them; all changes stand where the first of their codes does. */
export const statesByStatus: readonly ClusterState[] = [
  ...(Object.keys(codeOfState) as SteadyState[]).map((state): readonly [ClusterState, number] => [
    state,
    codeOfState[state],
  ]),
  ['changing', Math.min(...Object.values(codeOfChange))] as const,
]
  .sort(([, one], [, other]) => one - other)
  .map(([state]) => state)

type SteadyState = Exclude<ClusterState, 'changing'>

/** The states and changes that are shown with the code. */
export function statesOf(code: number): {
  readonly states: readonly ClusterState[]
  readonly changes: readonly ChangeVerb[]
} {
  const states = (Object.keys(codeOfState) as SteadyState[]).filter(
    (state) => codeOfState[state] === code,
  )
  const removal = [...codeOfRemoval.values()].includes(code)
  const changes = changeVerbs.filter(
    (verb) => codeOfChange[verb] === code || (removal && verb === 'scale-in'),
  )
  return { states, changes }
}

/** `集群运行中`; `Running`. */
export function statusTextOf(
  cluster: Pick<Cluster, 'status' | 'change'>,
  language: 'zh' | 'en',
): string {
  return statusText(statusOf(cluster), language) ?? ''
}

export const flowStatusOf: { readonly [status in OperationStatus]: number } = {
  running: 1,
  completed: 2,
  failed: -1,
}

export const stageStatusOf: { readonly [status in OperationStep['status']]: number } = {
  waiting: 0,
  running: 1,
  completed: 2,
  failed: -1,
}

export const stageStatusText: {
  readonly [status in OperationStep['status']]: { readonly zh: string; readonly en: string }
} = {
  waiting: { zh: '未启动', en: 'Not started' },
  running: { zh: '进行中', en: 'In progress' },
  completed: { zh: '已完成', en: 'Completed' },
  failed: { zh: '失败', en: 'Failed' },
}

/** The number and the name of a role of nodes; the router's number is nowhere documented. */
export const roleOf: ReadonlyMap<string, { readonly flag: number; readonly title: string }> =
  new Map([
    ['common', { flag: 0, title: 'Common' }],
    ['master', { flag: 1, title: 'Master' }],
    ['core', { flag: 2, title: 'Core' }],
    ['task', { flag: 3, title: 'Task' }],
    ['router', { flag: 4, title: 'Router' }],
  ])
