/** Another size for the nodes of a group, or for single nodes: cores and memory, or disks. */
import type { ResizeAspect } from '../../domain/cluster/change.ts'
import type { Cluster } from '../../domain/cluster/cluster.ts'
import type { NodeSize } from '../../domain/cluster/node-group.ts'
import { withSize, type Scope } from '../../domain/cluster/spec.ts'
import type { Call } from '../call.ts'
import type { ChangeCall } from './change.ts'
import type { IdempotencyKey } from './idempotency.ts'
import type { TermsOf } from './scale.ts'

export interface ResizeRequest {
  readonly key?: IdempotencyKey
  readonly aspect: ResizeAspect
  readonly rolling: boolean
  /** Decided on the cluster as it is in the transaction; may throw a Fault. */
  readonly resize: (was: Cluster) => {
    readonly scope: Scope
    readonly direction: 'up' | 'down'
    readonly size: (was: NodeSize) => NodeSize
  }
  readonly terms: TermsOf
}

/** The change as `changeCluster` takes it; proposing it throws NodeGroupNotFound and NodeNotFound. */
export function resizeCall(
  call: Call,
  id: string,
  { key, aspect, rolling, resize, terms }: ResizeRequest,
): ChangeCall {
  return {
    call,
    id,
    ...(key ? { key } : {}),
    propose(was) {
      const { scope, direction, size } = resize(was)
      const spec = withSize(was.spec, scope, size)
      const action = { kind: 'resize', aspect, direction } as const
      return { action, scope, rolling, spec, terms: terms(was, spec) }
    },
  }
}
