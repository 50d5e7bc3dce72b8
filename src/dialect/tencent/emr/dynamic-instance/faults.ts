/** What a change of Ray clusters may be refused with, beside what its members are. */
import type { FaultCode } from '../../../../domain/fault.ts'

export const rayChangeFaults: readonly FaultCode[] = [
  'ClusterNotFound',
  'ClusterBusy',
  'NotSupported',
  'BalanceShort',
  'ResourceMissing',
  'ResourceMismatch',
  'ResourceUnfit',
  'ResourceFull',
  'ResourceShort',
  'QuotaExceeded',
]
