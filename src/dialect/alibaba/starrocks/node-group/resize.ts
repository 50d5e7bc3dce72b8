/**
 * A change of what the nodes of a group are. Each kind says what it makes of the group in the catalogue's words, with its own rules;
 * everything else follows from the group before and after. Facts: reference alibaba-starrocks.md 3.2 (Resource change), 11.6.
 */
import type { ResizeAspect } from '../../../../domain/cluster/change.ts'
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import { Fault } from '../../../../domain/fault.ts'
import type { NodeGroup } from '../../catalogue/node-group.ts'
import { priceOf } from '../../catalogue/price.ts'
import { instanceExtension } from '../instance/extension.ts'
import type { Modification, ModificationInput } from './modification.ts'
import { sizeOf } from './new-group.ts'
import { changeableGroup, requireNext, scopeOf, type ChangeableGroup } from './rules.ts'

export interface GroupResize<Target> {
  readonly aspect: ResizeAspect
  /** How messages call what is changed: `Cu`. */
  readonly what: string
  /** Nodes are restarted with it: all at once only where their storage is apart from them. */
  readonly restarts: boolean
  /** The group as it is to be. Throws for what its own rules refuse. */
  next(it: ChangeableGroup, target: Target): NodeGroup
  /** How messages show the target. */
  shown(target: Target): string | number
}

export function resizeOf<Target>(
  kind: GroupResize<Target>,
  target: Target,
  {
    InstanceId,
    NodeGroupId,
    PromotionOptionNo,
    FastMode = false,
    AutoPay = true,
  }: ModificationInput,
): Modification {
  const { aspect, what, restarts } = kind
  return {
    instance: InstanceId,
    promotion: PromotionOptionNo,
    autoPay: AutoPay,
    request: (terms) => ({
      aspect,
      rolling: !FastMode,
      terms,
      resize(was) {
        const it = changeableGroup(was, NodeGroupId)
        const next = kind.next(it, target)
        requireNext(it, next, { what, target: kind.shown(target) })
        if (FastMode && restarts) requireSeparateStorage(was)
        return {
          scope: scopeOf(was, it),
          direction: hourOf(next) < hourOf(it.now) ? 'down' : 'up',
          size: () => sizeOf(next),
        }
      },
    }),
  }
}

function requireSeparateStorage(instance: Cluster): void {
  const { runMode } = instanceExtension(instance)
  if (runMode === 'shared_data') return
  const detail = `the nodes of an instance of run mode ${runMode} are changed one after the other`
  throw new Fault('NotSupported', { what: 'FastMode', detail })
}

/** What a node costs for an hour: what costs less is the smaller one. */
function hourOf(group: NodeGroup): bigint {
  return priceOf({
    currency: 'CNY',
    term: { payType: 'postPaid', hours: 1 },
    frontends: [],
    computeComponent: 'CN',
    backends: [{ ...group, residentNodeNumber: 1 }],
    observers: [],
    multiZone: false,
  }).exact
}
