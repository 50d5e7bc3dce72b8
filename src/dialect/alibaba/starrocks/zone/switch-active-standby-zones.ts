/**
 * SwitchActiveStandbyZones: frontends and compute nodes move to the zone of an observer, which takes their place; names and addresses
 * that clients connect to stay. Facts: reference alibaba-starrocks.md 3.2 (Multi-AZ), 5.1 (switch_az), 11.6.
 */
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import { Fault } from '../../../../domain/fault.ts'
import { flag, optional } from '../../../../shape/shape.ts'
import { notIn, within } from '../../catalogue/problem.ts'
import { problemsExplained } from '../../faults.ts'
import { action } from '../action.ts'
import { groupExtension } from '../instance/extension.ts'
import { reservationsOf } from '../instance/prerequisites.ts'
import { instanceId, instanceResources, regionId, shortText } from '../shape.ts'

export const switchActiveStandbyZones = action({
  name: 'SwitchActiveStandbyZones',
  input: {
    InstanceId: instanceId,
    RegionId: optional(regionId),
    TargetZoneId: shortText('Target zone id'),
  },
  output: { Data: flag() },
  faults: [
    'ClusterNotFound',
    'ClusterBusy',
    'NotSupported',
    'ParametersRefused',
    'ResourceShort',
    'ResourceFull',
    'QuotaExceeded',
  ],
  asks: ['identity', 'compute', 'network'],
  resources: (call, input) => instanceResources(call, [input.InstanceId]),
  async run(core, call, { InstanceId, TargetZoneId: zone }) {
    await core.clusters.switchZone(call, InstanceId, {
      zone,
      terms(was, next) {
        requireStandby(was, zone)
        return { reservations: reservationsOf(next.groups, was.charge.mode) }
      },
    })
    return { Data: true }
  },
})

/** Throws NotSupported for an instance in one zone, ParametersRefused for a zone that has no observer. */
function requireStandby({ spec }: Cluster, zone: string): void {
  const standby = spec.groups.flatMap((group) =>
    groupExtension(group).component === 'OBSERVER' ? [group.zone] : [],
  )
  if (standby.length === 0)
    throw new Fault('NotSupported', {
      what: 'Switching zones',
      detail: 'the instance has no observer in another one',
    })
  const problems = within('TargetZoneId', notIn('Target zone id', zone, standby))
  if (problems.length > 0)
    throw new Fault('ParametersRefused', { refusals: problemsExplained(problems) })
}
