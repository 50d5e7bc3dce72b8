/** What all pods of an instance are made with, those of StarRocks' operator and our own. */
import type { NodeGroup } from '../../../domain/cluster/node-group.ts'
import { machineLabels } from '../provision.ts'
import type { InstanceObjects, SetSpec } from './objects.ts'
import { encryptionVariable } from './encryption.ts'
import { isFrontend, type Part, type Volume } from './part.ts'

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
  readonly desired: SetSpec
  readonly file: string
  readonly text: string
  readonly volumes: readonly (Volume & { readonly storageClass: string | undefined })[]
  readonly amount: { readonly cpu: string; readonly memory: string }
  readonly image: string
}

/** What pods say of themselves, and where they run. */
export function podPlacement(
  { provision }: Pick<InstanceObjects, 'provision'>,
  { group, desired }: Pick<PlacedGroup, 'group' | 'desired'>,
) {
  const labels = machineLabels(provision, group)
  return {
    annotations: { [annotations.template]: desired.template },
    ...(labels && { nodeSelector: labels }),
    // On as many machines as there are: losing one loses one.
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: 'kubernetes.io/hostname',
        whenUnsatisfiable: 'ScheduleAnyway',
        labelSelector: { matchLabels: { [OWNER]: desired.set } },
      },
    ],
  }
}

/** Whether pods of a part offer TLS. */
export function isEncrypted({ keyStore }: Pick<InstanceObjects, 'keyStore'>, part: Part): boolean {
  return keyStore !== undefined && isFrontend(part)
}

export function environmentOf(
  it: Pick<InstanceObjects, 'spec' | 'keyStore'>,
  part: Part,
): readonly unknown[] {
  const { spec } = it
  const { timeZone } = spec.software
  return [
    // There from the beginning: adding it later would replace every pod.
    {
      name: 'MYSQL_PWD',
      valueFrom: { secretKeyRef: { name: ADMIN_SECRET, key: PASSWORD } },
    },
    ...(isEncrypted(it, part) ? [encryptionVariable] : []),
    ...(timeZone === undefined ? [] : [{ name: 'TZ', value: timeZone }]),
  ]
}
