/**
 * A change: what is being made different in a running cluster, from the request to its end. One at a time. It keeps what was
 * wanted before, so that a change that cannot be completed leads back there; and what it holds of the account's supply and
 * money, so that both are settled with its end, whichever it is. Pure.
 */
import { Fault } from '../fault.ts'
import type { ChangeVerb } from '../operation.ts'
import type { Reservation } from '../environment.ts'
import type { Script } from '../script.ts'
import type { AccessAspect } from './access.ts'
import { advance, type Cluster } from './cluster.ts'
import type { DaemonAct } from './daemon.ts'
import { stateTraits } from './lifecycle.ts'
import { nodesOf } from './node-group.ts'
import type { ClusterSpec, Scope } from './spec.ts'

export type ChangeAction =
  | { readonly kind: 'restart' }
  /** `elastic`: by a scaling rule, not by a request. */
  | { readonly kind: 'scale'; readonly direction: 'out' | 'in'; readonly elastic?: true }
  /** A whole group with its nodes, or one of a machine beside the engine. */
  | { readonly kind: 'add-group' | 'add-agent' | 'remove-group' }
  | { readonly kind: 'resize'; readonly aspect: ResizeAspect; readonly direction: 'up' | 'down' }
  | { readonly kind: 'configure' }
  | { readonly kind: 'set-password' }
  | { readonly kind: 'switch-zone' }
  | { readonly kind: 'upgrade'; readonly direction: 'up' | 'down' }
  /** Daemons of services, and no other process of their nodes. */
  | { readonly kind: 'daemons'; readonly act: DaemonAct }
  /** More components on the nodes that there are. */
  | { readonly kind: 'install' }
  | AccessChange

export type AccessChange =
  | { readonly kind: 'access'; readonly aspect: Exclude<AccessAspect, 'network'> }
  | { readonly kind: 'access'; readonly aspect: 'network'; readonly direction: 'open' | 'close' }

/** What of the nodes gets another size. */
export type ResizeAspect = 'compute' | 'disk-size' | 'disk-count' | 'disk-level' | 'machine'

export type Change = ChangeAction & {
  readonly scope: Scope
  /** The id of its operation. */
  readonly operation: string
  /** One node after the other, where the substrate can; all of the scope at once otherwise. */
  readonly rolling: boolean
  /** So many nodes at a time where it is rolling; without it, one. */
  readonly atOnce?: number
  /** Between the nodes that were changed last and the next ones. */
  readonly pauseMs?: number
  readonly startedMs: number
  readonly deadlineMs: number
  /** Nodes that go are drained for so long and then go as they are; without it they must be drained. */
  readonly graceMs?: number
  /** So many nodes are drained side by side; without it, all that go. */
  readonly drainAtOnce?: number
  /** Groups whose nodes are changed when those of all others are. */
  readonly last?: readonly string[]
  /** Run on the nodes that it adds. */
  readonly scripts?: readonly Script[]
  /** What was wanted before. */
  readonly before: ClusterSpec
  /** Of the account's supply: what the cluster held before, and what it holds once the change is done. */
  readonly supply: {
    readonly before: readonly Reservation[]
    readonly after: readonly Reservation[]
  }
  /** The order that the change was bought with, if its price is another one. */
  readonly order?: string
  /** Why it goes back to what was wanted before; absent while it continues. */
  readonly reverting?: string
  /** Addresses of nodes that were to be added; they are released when the nodes are gone. */
  readonly abandoned?: readonly string[]
}

export type ChangeRequest = ChangeAction & Omit<Change, 'kind' | 'before' | 'startedMs'>

/**
 * The cluster with the change begun: `spec` is wanted from now on. Throws ClusterBusy unless the cluster runs and nothing else
 * is under way.
 */
export function beginChange(
  cluster: Cluster,
  it: { readonly spec: ClusterSpec; readonly change: ChangeRequest },
  nowMs: number,
): Cluster {
  requireIdle(cluster, it.change.kind)
  const reason = `waiting for ${describeChange(it.change)}`
  const changing = advance(cluster, 'change', { nowMs, reason })
  const change = { ...it.change, before: cluster.spec, startedMs: nowMs } as Change
  return { ...changing, change, spec: { ...it.spec, generation: cluster.spec.generation + 1 } }
}

/** Throws ClusterBusy unless a change could begin now. */
export function requireIdle(cluster: Cluster, event: string): void {
  const { state } = cluster.status
  if (!stateTraits[state].busy && state === 'running' && !cluster.change) return
  const change = cluster.change ? { change: changeVerb(cluster.change) } : {}
  throw new Fault('ClusterBusy', { id: cluster.id, state, event, ...change })
}

/** The cluster on its way back: what was wanted before the change is wanted again, as a generation of its own. */
export function revertChange(
  cluster: Cluster,
  it: { readonly reason: string; readonly deadlineMs: number },
): Cluster {
  const { change } = cluster
  if (!change || change.reverting !== undefined) return cluster
  const { reason, deadlineMs } = it
  const spec = { ...change.before, generation: cluster.spec.generation + 1 }
  const kept = new Set(addressesOf(change.before))
  const abandoned = addressesOf(cluster.spec).filter((address) => !kept.has(address))
  return { ...cluster, spec, change: { ...change, reverting: reason, deadlineMs, abandoned } }
}

/** Those that its nodes were allocated. */
export function addressesOf({ groups }: Pick<ClusterSpec, 'groups'>): readonly string[] {
  return nodesOf(groups).flatMap(({ address, publicAddress }) =>
    [address, publicAddress].filter((each) => each !== undefined),
  )
}

/** A restart has nothing to go back to, and the old password was given up. */
export function canRevert(change: Change): boolean {
  const { kind, reverting } = change
  const isRestart = kind === 'restart' || (kind === 'daemons' && change.act === 'restart')
  return !isRestart && kind !== 'set-password' && reverting === undefined
}

/** The cluster after its change, with the change's result settled. `event` is `changed`, or `impair` when it does not answer. */
export function endChange(
  cluster: Cluster,
  event: 'changed' | 'impair',
  at: { readonly nowMs: number; readonly reason: string },
): Cluster {
  const { change: _ended, ...rest } = advance(cluster, event, at)
  return rest
}

/** What the history calls it. */
export function changeVerb(action: ChangeAction): ChangeVerb {
  switch (action.kind) {
    case 'restart':
      return 'restart'
    case 'scale':
      return `${action.elastic ? 'elastic-' : ''}scale-${action.direction}` as const
    case 'add-group':
    case 'add-agent':
    case 'remove-group':
      return action.kind
    case 'resize':
      return action.direction === 'up' ? 'resize-up' : 'resize-down'
    case 'configure':
    case 'set-password':
    case 'switch-zone':
      return action.kind
    case 'upgrade':
      return action.direction === 'up' ? 'upgrade' : 'downgrade'
    case 'daemons':
      return daemonVerbs[action.act]
    case 'install':
      return 'install'
    case 'access':
      return accessVerb(action)
  }
}

const daemonVerbs = {
  start: 'start-service',
  stop: 'stop-service',
  restart: 'restart-service',
  'enter-maintenance': 'enter-maintenance',
  'exit-maintenance': 'exit-maintenance',
} as const

const daemonActs: { readonly [act in DaemonAct]: string } = {
  start: 'services to be started',
  stop: 'services to be stopped',
  restart: 'services to be restarted',
  'enter-maintenance': 'services to enter maintenance',
  'exit-maintenance': 'services to leave maintenance',
}

function describeAccess(action: AccessChange): string {
  switch (action.aspect) {
    case 'gateway':
      return 'the new gateways'
    case 'exposure':
      return 'the public address of a gateway'
    case 'network':
      return action.direction === 'open' ? 'a public address' : 'a public address to be removed'
    case 'allow-list':
      return 'the new list of who may connect'
    case 'encryption':
      return 'the new certificate'
    case 'host-alias':
      return 'the new names of hosts'
  }
}

function accessVerb(action: AccessChange): ChangeVerb {
  switch (action.aspect) {
    case 'gateway':
      return 'change-gateway'
    case 'exposure':
      return 'change-exposure'
    case 'network':
      return action.direction === 'open' ? 'open-network' : 'close-network'
    case 'allow-list':
    case 'encryption':
    case 'host-alias':
      return 'change-access'
  }
}

const scales = { out: 'more nodes', in: 'nodes to be removed' } as const
const elasticScales = { out: 'more elastic nodes', in: 'elastic nodes to be removed' } as const

/** `the restart`, `more nodes`, … for the reasons that clients read. */
export function describeChange(action: ChangeAction): string {
  switch (action.kind) {
    case 'restart':
      return 'the restart'
    case 'scale':
      return action.elastic ? elasticScales[action.direction] : scales[action.direction]
    case 'add-group':
      return 'the new node group'
    case 'add-agent':
      return 'the new agent'
    case 'remove-group':
      return 'the node group to be removed'
    case 'resize':
      return action.direction === 'up' ? 'more resources' : 'fewer resources'
    case 'configure':
      return 'the new configuration'
    case 'set-password':
      return 'the new password'
    case 'switch-zone':
      return 'the other zone'
    case 'upgrade':
      return 'the new version'
    case 'daemons':
      return daemonActs[action.act]
    case 'install':
      return 'the new components'
    case 'access':
      return describeAccess(action)
  }
}
