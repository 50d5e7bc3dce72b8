/** A Placement that goes with a cluster that is there must say where it stands (reference: tencent-emr.md 5.6, appendix B). */
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import { zoneOf } from '../../catalogue/region.ts'
import { invalid } from '../refusal.ts'

/** Throws InvalidZone, ZoneResourceNotMatch, ProjectResourceNotMatch. */
export function checkAgreement(
  placement: { readonly Zone: string; readonly ProjectId?: number | undefined } | undefined,
  { spec, resourceGroup }: Cluster,
): void {
  if (!placement) return
  const { Zone: zone, ProjectId: project = 0 } = placement
  const own = spec.network.zone
  if (zoneOf(zone)?.zone.name !== own) {
    const code = 'InvalidParameter.ZoneResourceNotMatch'
    const rule = `the cluster stands in ${own}`
    throw invalid({ name: 'Placement.Zone', code, rule, value: zone, example: own })
  }
  if (String(project) === resourceGroup) return
  const code = 'InvalidParameter.ProjectResourceNotMatch'
  const rule = `the cluster is of the project ${resourceGroup}`
  throw invalid({ name: 'Placement.ProjectId', code, rule, value: project })
}
