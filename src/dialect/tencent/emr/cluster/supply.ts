/**
 * What an order takes of stock and quotas: machines by type, cloud disks by type and in GB, places in a placement group.
 * Local disks come with their machines and are not counted.
 */
import type { Reservation } from '../../../../domain/environment.ts'
import { diskOf } from '../../catalogue/disk.ts'
import type { RolePriceRequest } from '../../catalogue/price.ts'

export interface Ordered {
  readonly roles: readonly RolePriceRequest[]
  readonly zone: string
  readonly charge: string
  readonly placementGroups: readonly string[]
}

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
    ...roles.flatMap(({ count, instanceType, systemDisk, dataDisks }) => {
      const disks = [{ ...systemDisk, count: 1 }, ...dataDisks]
      const cloud = disks.filter(({ diskType }) => diskOf(diskType)?.kind !== 'local')
      return [
        of('machine', instanceType.name, count),
        ...cloud.flatMap((disk) => [
          of('disk', disk.diskType, count * disk.count),
          of('storage', disk.diskType, count * disk.count * disk.sizeGb),
        ]),
      ]
    }),
    ...placementGroups.map((id) => placementOf(id, nodes, { zone, charge })),
  ]
}

/** Places in a placement group. */
export function placementOf(
  group: string,
  nodes: number,
  at: Pick<Reservation, 'zone' | 'charge'>,
): Reservation {
  return { measure: 'placement', type: group, ...at, amount: nodes }
}
