/** The application interface: one object that the composition root creates and every action receives. */
import type { Clock } from '../kernel/clock.ts'
import type { Random } from '../kernel/random.ts'
import type { Backups } from './backup/backups.ts'
import type { BillingQuery } from './billing/billing.ts'
import type { Clusters } from './cluster/clusters.ts'
import type { Dependencies } from './dependency.ts'
import type { Directories } from './directory/directories.ts'
import type { Encryption } from './encryption.ts'
import type { Environments } from './environment/environments.ts'
import type { IdentityQuery } from './identity/identity.ts'
import type { MetadataProbe } from '../port/metadata-probe.ts'
import type { ObjectStorages } from './object-storage.ts'
import type { ServiceInquiries } from './inquiry/inquiries.ts'
import type { Inspections } from './inspection/inspections.ts'
import type { JobFlows } from './job-flow/job-flows.ts'
import type { Operations } from './operation/operations.ts'
import type { ScalingStrategies } from './scaling-strategy/scaling-strategies.ts'
import type { ScalingRules } from './scaling-rule/scaling-rules.ts'

export interface Core {
  readonly clock: Clock
  readonly random: Random
  readonly clusters: Clusters
  readonly operations: Operations
  readonly backups: Backups
  readonly identity: IdentityQuery
  readonly environments: Environments
  readonly dependencies: Dependencies
  readonly encryption: Encryption
  readonly metadataProbe: MetadataProbe
  readonly objectStorage: Pick<ObjectStorages, 'check' | 'declares'>
  readonly directories: Directories
  readonly scalingRules: ScalingRules
  readonly scalingStrategies: ScalingStrategies
  readonly jobFlows: JobFlows
  readonly inquiries: ServiceInquiries
  readonly inspections: Inspections
  readonly billing: BillingQuery
}
