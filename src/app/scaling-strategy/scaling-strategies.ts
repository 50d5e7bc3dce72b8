/** What may be asked of scaling strategies; what they add and take away, the reconciler asks for (reconcile/scaling-strategy). */
import type { Cluster } from '../../domain/cluster/cluster.ts'
import { Fault } from '../../domain/fault.ts'
import type { ScalingStrategy, StrategyMembers } from '../../domain/scaling-strategy.ts'
import { strategiesOf } from '../../journal/scaling-strategy.ts'
import { limits } from '../../limits.ts'
import type { Store, Writer } from '../../store/port.ts'
import type { Call } from '../call.ts'
import { presentCluster, recordOperation, type OperationParts } from '../cluster/modify.ts'

/** What it acts by. */
export type StrategyKind = 'time' | 'load'

export interface StrategyRequest {
  /** The strategy that is changed, which is of the same kind; a new one without it. */
  readonly number?: number
  readonly kind: StrategyKind
  /** Decided on the cluster and its strategies as they are in the transaction; may throw a Fault. */
  readonly decide: (was: {
    readonly cluster: Cluster
    /** All but the one that is changed. */
    readonly others: readonly ScalingStrategy[]
  }) => StrategyMembers & Pick<ScalingStrategy, 'written'>
}

export interface ScalingStrategies {
  /** All or none. Throws ClusterNotFound, ScalingRuleNotFound, and LimitReached when the cluster has as many as it may. */
  put(call: Call, id: string, requests: readonly StrategyRequest[]): Promise<void>
  /** The nodes that are there by it go. Throws ClusterNotFound, ScalingRuleNotFound. */
  remove(call: Call, id: string, which: NumberedStrategy): Promise<void>
  /** The oldest first. Throws ClusterNotFound. */
  list(
    call: Call,
    id: string,
  ): Promise<{ readonly cluster: Cluster; readonly strategies: readonly ScalingStrategy[] }>
}

export interface NumberedStrategy {
  readonly kind: StrategyKind
  readonly number: number
}

export interface ScalingStrategiesParts extends OperationParts {
  readonly store: Store
}

export function scalingStrategies(parts: ScalingStrategiesParts): ScalingStrategies {
  const { store, clock } = parts
  const record = (tx: Writer, call: Call, id: string) =>
    recordOperation(tx, parts, { call, id, verb: 'change-strategies' })
  return {
    put: (call, id, requests) =>
      store.write(async (tx) => {
        const cluster = (await presentCluster(tx, call, id)).document
        for (const request of requests) await put(tx, { cluster, request, nowMs: clock.now() })
        await record(tx, call, id)
      }),
    remove: (call, id, which) =>
      store.write(async (tx) => {
        const cluster = (await presentCluster(tx, call, id)).document
        const found = await find(tx, cluster, which)
        const { due: _given, ...rest } = found.document
        await tx.save('scalingStrategy', found, { ...rest, removed: true })
        await tx.enqueue('scalingStrategy', found.document.id, clock.now())
        await record(tx, call, id)
      }),
    list: (call, id) =>
      store.read(async (tx) => {
        const cluster = (await presentCluster(tx, call, id)).document
        return { cluster, strategies: await strategiesOf(tx, cluster) }
      }),
  }
}

interface Put {
  readonly cluster: Cluster
  readonly request: StrategyRequest
  readonly nowMs: number
}

async function put(tx: Writer, { cluster, request, nowMs }: Put): Promise<void> {
  const known = await strategiesOf(tx, cluster)
  const others = known.filter(({ number }) => number !== request.number)
  const { number: changed, kind } = request
  if (changed !== undefined) {
    const found = await find(tx, cluster, { kind, number: changed })
    const { keptMs: _kept, graceMs: _grace, due: _due, windows: _seen, ...rest } = found.document
    const next = { ...rest, ...request.decide({ cluster, others }), seenMs: nowMs }
    await tx.save('scalingStrategy', found, next)
    await tx.enqueue('scalingStrategy', found.document.id, nowMs)
    return
  }
  const limit = limits.strategiesPerCluster
  if (known.length >= limit) throw new Fault('LimitReached', { what: 'scaling strategies', limit })
  const members = request.decide({ cluster, others })
  const number = await tx.count('scaling-strategy')
  const id = `${cluster.id}.strategy-${number}`
  const about = { id, number, account: cluster.account, cluster: cluster.id }
  await tx.insert(
    'scalingStrategy',
    { ...about, ...members, createdMs: nowMs, seenMs: nowMs },
    nowMs,
  )
  await tx.enqueue('scalingStrategy', id, nowMs)
}

async function find(tx: Writer, { account, id }: Cluster, { kind, number }: NumberedStrategy) {
  const found = await tx.find('scalingStrategy', account, `${id}.strategy-${number}`)
  const isOther = found && kindOf(found.document) !== kind
  if (!found || isOther || found.document.removed)
    throw new Fault('ScalingRuleNotFound', { id: String(number) })
  return found
}

const kindOf = ({ load }: Pick<ScalingStrategy, 'load'>): StrategyKind => (load ? 'load' : 'time')
