/** Releasing a cluster with its data, or putting a subscription away. A change that is under way ends with it and costs nothing. */
import { advance, type Cluster } from '../../domain/cluster/cluster.ts'
import { refundChangeOrder } from '../../journal/change-order.ts'
import { finishOperations } from '../../journal/history.ts'
import type { Store } from '../../store/port.ts'
import type { Call } from '../call.ts'
import { modifyCluster, type OperationParts, type Requirement } from './modify.ts'

export interface ReleaseParts extends OperationParts {
  readonly store: Store
}

/** Throws ClusterNotFound for one that is gone or going. */
export async function releaseCluster(
  parts: ReleaseParts,
  call: Call,
  id: string,
  require?: Requirement,
): Promise<void> {
  const nowMs = parts.clock.now()
  let ended: Cluster['change']
  const modify = (was: Cluster): Cluster => {
    require?.(was)
    const { change, ...rest } = was
    ended = change
    return advance(rest, 'release', { nowMs, reason: 'waiting for nodes to stop' })
  }
  await parts.store.write(async (tx) => {
    const detail = 'the cluster was released before it was done'
    const { account } = call.principal
    await finishOperations(tx, { account, id }, { status: 'failed', nowMs, detail })
    await modifyCluster(tx, parts, {
      call,
      id,
      verb: 'delete',
      steps: ['stop', 'remove'],
      billed: true,
      modify,
    })
    if (ended?.order !== undefined) await refundChangeOrder(tx, ended.order, nowMs)
  })
}

/** Puts a prepaid cluster into the recycle state, from which it can be restored or released. Its nodes are stopped. */
export async function isolateCluster(parts: ReleaseParts, call: Call, id: string): Promise<void> {
  const nowMs = parts.clock.now()
  await parts.store.write(async (tx) => {
    await modifyCluster(tx, parts, {
      call,
      id,
      verb: 'isolate',
      billed: true,
      modify: (was) => advance(was, 'isolate', { nowMs, reason: 'isolated by its owner' }),
    })
    await tx.enqueue('cluster', id, nowMs)
  })
}
