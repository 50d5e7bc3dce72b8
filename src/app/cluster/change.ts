/**
 * Beginning a change of a running cluster: what is wanted, what it adds to the account's supply, its order and its operation are
 * committed together; the reconciler carries it out. What the change takes away is released when it is gone, and all of it is
 * settled with the change's end (reconcile/cluster/settlement.ts).
 */
import {
  beginChange,
  changeVerb,
  requireIdle,
  type ChangeAction,
} from '../../domain/cluster/change.ts'
import type { Charge, Cluster } from '../../domain/cluster/cluster.ts'
import type { NodeGroup } from '../../domain/cluster/node-group.ts'
import { groupIn, type ClusterSpec, type Scope } from '../../domain/cluster/spec.ts'
import type { Reservation, Resource } from '../../domain/environment.ts'
import { startSteps, type Script } from '../../domain/script.ts'
import { listPrice, shareOfDiscount, type Order } from '../../domain/order.ts'
import type { OperationValues } from '../../journal/history.ts'
import { limits } from '../../limits.ts'
import type { Reader, Store, Writer } from '../../store/port.ts'
import { place } from '../billing/order-placement.ts'
import type { Call } from '../call.ts'
import type { Environments } from '../environment/environments.ts'
import { claimIdempotencyKey, findAnswer } from './idempotency.ts'
import type { IdempotencyKey, IdempotencyParts } from './idempotency.ts'
import { presentCluster, recordOperation, sealedSecrets, type OperationParts } from './modify.ts'
import type { Placement } from './placement.ts'

/** What a change costs and holds, as its vendor counts it. */
export interface ChangeTerms {
  /** All that the cluster holds of its account's supply once it is changed. */
  readonly reservations: readonly Reservation[]
  /** Resources that its new nodes use, as `require` answered; those that were adopted are remembered. */
  readonly uses?: readonly Resource[]
  /** Its new price, where that is another one; of a subscription, the difference for the rest of its term. */
  readonly order?: Omit<Order, 'account' | 'cluster' | 'createdMs' | 'kind'>
  /** A code that takes something off the order; it is not used up where nothing is bought. */
  readonly coupon?: string
}

/** A change as a verb proposes it, of the cluster as it is in the transaction. */
export interface ProposedChange {
  readonly action: ChangeAction
  readonly scope: Scope
  readonly spec: ClusterSpec
  /** Clear texts by name, which replace those of the cluster; sealed before they are written. */
  readonly secrets?: Readonly<Record<string, string>>
  readonly rolling?: boolean
  /** How many nodes are changed at a time where it is rolling, and how long each waits for those before it. */
  readonly atOnce?: number
  readonly pauseMs?: number
  readonly graceMs?: number
  /** How many of the nodes that go are drained side by side; without it, all. */
  readonly drainAtOnce?: number
  /** Groups whose nodes are changed when those of all others are. */
  readonly last?: readonly string[]
  /** Run on the nodes that it adds. */
  readonly scripts?: readonly Script[]
  /** What its history shows of it. */
  readonly values?: OperationValues
  /** Names of secrets that are not needed any more. */
  readonly staleSecrets?: readonly string[]
  /** Without it, it costs and holds what it did. */
  readonly terms?: ChangeTerms
}

export interface ChangeStarted {
  readonly operation: string
  readonly flow: number
  readonly trace: string
  /** The order of its price; absent where that stays. */
  readonly order?: string
  /** Whether that order was paid with the request, or is charged for as it is used. */
  readonly charge: Charge['mode']
}

export interface ChangeParts extends OperationParts, IdempotencyParts {
  readonly store: Store
  readonly environments: Pick<Environments, 'reallocate'>
  readonly placement: Pick<Placement, 'checkChange'>
}

export interface ChangeCall {
  readonly call: Call
  readonly id: string
  readonly key?: IdempotencyKey
  /** Who is noted where nobody asked. */
  readonly by?: string
  readonly propose: (was: Cluster) => ProposedChange
}

/**
 * Throws ClusterNotFound, ClusterBusy, NotSupported, IdempotencyConflict, and what supply, addresses and money refuse. What is
 * proposed may throw before anything is recorded.
 */
export async function changeCluster(parts: ChangeParts, it: ChangeCall): Promise<ChangeStarted> {
  const { call, key } = it
  return parts.store.write(async (tx) => {
    const earlier = key && (await findAnswer<ChangeStarted>(tx, parts, call, key))
    if (earlier) return earlier
    const started = await startChange(tx, parts, it)
    if (key) await claimIdempotencyKey(tx, parts, call, { ...key, answer: started })
    return started
  })
}

/** Throws what `changeCluster` would throw now, and leaves no trace. */
export async function checkChange(parts: ChangeParts, it: ChangeCall): Promise<void> {
  const rollback = new Error('a check leaves no trace')
  const check = parts.store.write(async (tx) => {
    await startChange(tx, parts, it)
    throw rollback
  })
  await check.catch((problem: unknown) => {
    if (problem !== rollback) throw problem
  })
}

/**
 * The answer to an earlier change of the same token and parameters; undefined when there was none. Asked before the environment
 * is, so that a retry is answered as its first try was.
 */
export function findStarted(
  parts: Pick<ChangeParts, 'store' | 'clock' | 'sealer'>,
  call: Call,
  key: IdempotencyKey,
): Promise<ChangeStarted | undefined> {
  return parts.store.read((tx) => findAnswer<ChangeStarted>(tx, parts, call, key))
}

/** The same in a transaction that does something else too. */
export async function startChange(
  tx: Writer,
  parts: Omit<ChangeParts, 'store'>,
  it: Omit<ChangeCall, 'key'>,
): Promise<ChangeStarted> {
  const { call, id, by } = it
  const found = await presentCluster(tx, call, id)
  const was = found.document
  requireIdle(was, 'change')
  const proposed = it.propose(was)
  const { action, scope, terms, graceMs, drainAtOnce, last, values, atOnce, pauseMs } = proposed
  const { scripts = [] } = proposed
  parts.placement.checkChange(was, action, proposed.spec, { scripted: scripts.length > 0 })
  const nowMs = parts.clock.now()
  const held = was.reservations ?? []
  const after = terms?.reservations ?? held
  const allocated = await parts.environments.reallocate(tx, call, {
    cluster: was,
    spec: proposed.spec,
    reservations: after,
    uses: terms?.uses ?? [],
  })
  const priced = await priceChange(tx, was, { terms, nowMs })
  const order = priced && (await place(tx, priced.order, priced))
  const operation = await recordOperation(tx, parts, {
    call,
    id,
    ...(by === undefined ? {} : { by }),
    verb: changeVerb(action),
    subject: subjectOf([...was.spec.groups, ...proposed.spec.groups], { action, scope }),
    steps: stepsOf(action, scripts),
    values,
  })
  const change = {
    ...action,
    scope,
    operation: operation.id,
    rolling: proposed.rolling ?? false,
    ...(atOnce === undefined ? {} : { atOnce }),
    ...(pauseMs === undefined ? {} : { pauseMs }),
    deadlineMs: nowMs + limits.changeMs + (graceMs ?? 0),
    supply: { before: held, after },
    ...(graceMs === undefined ? {} : { graceMs }),
    ...(drainAtOnce === undefined ? {} : { drainAtOnce }),
    ...(last === undefined ? {} : { last }),
    ...(scripts.length === 0 ? {} : { scripts }),
    ...(order === undefined ? {} : { order: order.id }),
  }
  // What it holds is more already; what was wanted is what the change may go back to.
  const secrets = secretsOf(parts, was, proposed)
  const holding = { ...allocated, spec: was.spec, secrets }
  await tx.save('cluster', found, beginChange(holding, { spec: allocated.spec, change }, nowMs))
  await tx.enqueue('cluster', id, nowMs)
  const { flow, trace } = operation
  const bought = order === undefined ? {} : { order: order.id }
  return { operation: operation.id, flow, trace, charge: was.charge.mode, ...bought }
}

/** The order of a change, and the coupon that is used for it. Undefined where the price stays. */
export interface PricedChange {
  readonly order: Order
  readonly coupon?: string
}

function secretsOf(
  { sealer }: Pick<ChangeParts, 'sealer'>,
  { id, secrets: was }: Cluster,
  { secrets = {}, staleSecrets = [] }: ProposedChange,
): Cluster['secrets'] {
  const kept = Object.entries(was).filter(([name]) => !staleSecrets.includes(name))
  return { ...Object.fromEntries(kept), ...sealedSecrets(sealer, id, secrets) }
}

/** What becomes cheaper is paid back at the price that was really paid for it. */
export async function priceChange(
  tx: Reader,
  { id: cluster, account, charge }: Cluster,
  { terms, nowMs }: { readonly terms: ChangeTerms | undefined; readonly nowMs: number },
): Promise<PricedChange | undefined> {
  if (!terms?.order) return undefined
  const order: Order = { ...terms.order, kind: 'change', account, cluster, createdMs: nowMs }
  if (listPrice(order) > 0)
    return terms.coupon === undefined ? { order } : { order, coupon: terms.coupon }
  const current = await tx.findById('order', charge.order ?? '')
  const discount = current ? shareOfDiscount(order, current.document) : 0
  return { order: { ...order, discount: order.discount + discount } }
}

/** `cluster`, `group` or `nodes` for a restart; else the role that it is about, with what of it is resized. */
function subjectOf(
  groups: readonly NodeGroup[],
  { action, scope }: Pick<ProposedChange, 'action' | 'scope'>,
): string {
  if (action.kind === 'restart' || scope.of === 'cluster') return scope.of
  const role =
    scope.of === 'group'
      ? groupIn(groups, scope.group).role
      : (groups.find(({ nodes }) => nodes.some(({ id }) => scope.nodes.includes(id)))?.role ?? '')
  return action.kind === 'resize' ? `${role}.${action.aspect}` : role
}

function stepsOf(action: ChangeAction, scripts: readonly Script[]): readonly string[] {
  switch (action.kind) {
    case 'restart':
      return ['restart', 'verify']
    case 'scale':
      return action.direction === 'out' ? startSteps(scripts) : ['drain', 'remove', 'verify']
    case 'add-group':
    case 'add-agent':
      return ['allocate', 'start', 'verify']
    case 'remove-group':
      return ['drain', 'remove', 'verify']
    case 'resize':
      return ['resize', 'verify']
    case 'configure':
    case 'set-password':
    case 'switch-zone':
      return [action.kind, 'verify']
    case 'upgrade':
      return ['upgrade-workers', 'upgrade-frontends', 'verify']
    case 'daemons':
      return [changeVerb(action), 'verify']
    case 'install':
      return ['install', 'verify']
    case 'access':
      return ['configure', 'verify']
  }
}
