/** Composition root, its part for the core: what may be asked, over the store and whatever runs clusters. */
import { backups, type BackupsParts } from '../app/backup/backups.ts'
import { clusters, type ClustersParts } from '../app/cluster/clusters.ts'
import type { Core } from '../app/core.ts'
import { directories, type DirectoriesParts } from '../app/directory/directories.ts'
import { dependencies, type DependenciesOptions } from '../app/dependency.ts'
import { serviceInquiries, type InquirySource } from '../app/inquiry/inquiries.ts'
import { inspections } from '../app/inspection/inspections.ts'
import { jobFlows, type JobFlowsParts } from '../app/job-flow/job-flows.ts'
import { operations } from '../app/operation/operations.ts'
import { scalingStrategies } from '../app/scaling-strategy/scaling-strategies.ts'
import { scalingRules } from '../app/scaling-rule/scaling-rules.ts'

type CoreParts = Pick<
  Core,
  'billing' | 'identity' | 'environments' | 'encryption' | 'metadataProbe' | 'objectStorage'
> &
  Pick<ClustersParts, 'placement' | 'onDescribe' | 'positions'> &
  Pick<DependenciesOptions, 'spend'> &
  Pick<BackupsParts, 'placement'> &
  Pick<JobFlowsParts, 'placement'> &
  Pick<DirectoriesParts, 'placement'> & { readonly inquire: InquirySource }

export function coreOf(
  shared: Pick<ClustersParts, 'store' | 'clock' | 'random' | 'sealer'>,
  { placement, onDescribe, inquire, positions, spend, ...parts }: CoreParts,
): Core {
  const { store, clock, random: ids } = shared
  const { environments: around } = parts
  const all = clusters({
    ...shared,
    environments: around,
    placement,
    onDescribe,
    ...(positions && { positions }),
  })
  return {
    clock,
    random: ids,
    ...parts,
    dependencies: dependencies({ clock, random: ids, ...(spend && { spend }) }),
    clusters: all,
    operations: operations(store),
    directories: directories({ ...shared, placement }),
    scalingRules: scalingRules({ store, clock }),
    scalingStrategies: scalingStrategies(shared),
    jobFlows: jobFlows({ ...shared, placement }),
    inquiries: serviceInquiries(all, inquire),
    inspections: inspections(shared),
    backups: backups({ ...shared, placement, onDescribe }),
  }
}
