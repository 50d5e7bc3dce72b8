/**
 * What an order takes of stock and quotas: machines by type, cloud disks by type and in GB, places in a placement group.
 * Local disks come with their machines and are not counted.
 */
import type { Reservation } from '../../../../domain/environment.ts'
import type { RolePlan } from '../node/plan.ts'

export interface Ordered {
  readonly roles: readonly RolePlan[]
  readonly zone: string
  readonly charge: string
  readonly placementGroups: readonly string[]
}

/** What examples show beside any data disk; the older schema cannot name another. */
export const SYSTEM_DISK_TYPE = 'CLOUD_SSD'

export function reservationsOf({
  roles,
  zone,
  charge,
  placementGroups,
}: Ordered): readonly Reservation[] {
  const nodes = roles.reduce((sum, role) => sum + role.count, 0)
  const of = (measure: Reservation['measure'], type: string, amount: number): Reservation => ({
    measure,
    type,
    zone,
    charge,
    amount,
  })
  return [
    of('cluster', '', 1),
    ...roles.flatMap(({ count, instanceType, systemDiskGb, dataDisks }) => {
      const disks = [{ diskType: SYSTEM_DISK_TYPE, sizeGb: systemDiskGb, count: 1 }, ...dataDisks]
      return [
        of('machine', instanceType.name, count),
        ...disks.flatMap((disk) => [
          of('disk', disk.diskType, count * disk.count),
          of('storage', disk.diskType, count * disk.count * disk.sizeGb),
        ]),
      ]
    }),
    ...placementGroups.map((group) => of('placement', group, nodes)),
  ]
}
