/** What all pods of an instance are made with, those of StarRocks' operator and our own. */
import type { NodeGroup } from '../../../domain/cluster/node-group.ts'
import { machineLabels } from '../provision.ts'
import type { InstanceObjects, SetWish } from './objects.ts'
import type { Part, Volume } from './part.ts'

export const annotations = {
  /** What a pod was made from. */
  template: 'emrys.dev/template',
  generation: 'emrys.dev/generation',
  name: 'emrys.dev/name',
} as const

export const ADMIN_SECRET = 'sr-admin'
export const PASSWORD = 'password'
/** The one before, as long as an engine may still have it. */
export const FORMER = 'former'
/** The operator's own label of the pods of a part. */
export const OWNER = 'app.starrocks.ownerreference/name'

export interface PlacedGroup {
  readonly part: Part
  readonly group: NodeGroup
  readonly wish: SetWish
  readonly file: string
  readonly text: string
  readonly volumes: readonly (Volume & { readonly storageClass: string | undefined })[]
  readonly amount: { readonly cpu: string; readonly memory: string }
  readonly image: string
}

/** What pods say of themselves, and where they run. */
export function podPlacement(
  { provision }: Pick<InstanceObjects, 'provision'>,
  { group, wish }: Pick<PlacedGroup, 'group' | 'wish'>,
) {
  const labels = machineLabels(provision, group)
  return {
    annotations: { [annotations.template]: wish.template },
    ...(labels && { nodeSelector: labels }),
    // On as many machines as there are: losing one loses one.
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: 'kubernetes.io/hostname',
        whenUnsatisfiable: 'ScheduleAnyway',
        labelSelector: { matchLabels: { [OWNER]: wish.set } },
      },
    ],
  }
}

export function environmentOf({ spec }: Pick<InstanceObjects, 'spec'>): readonly unknown[] {
  const { timeZone } = spec.software
  return [
    // There from the beginning: adding it later would replace every pod.
    {
      name: 'MYSQL_PWD',
      valueFrom: { secretKeyRef: { name: ADMIN_SECRET, key: PASSWORD } },
    },
    ...(timeZone === undefined ? [] : [{ name: 'TZ', value: timeZone }]),
  ]
}
