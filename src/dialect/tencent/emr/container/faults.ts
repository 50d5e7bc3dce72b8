/** What a change of pods or of Ray clusters may be refused with, beside what its members are. */
import type { FaultCode } from '../../../../domain/fault.ts'
import { supplyFaults } from '../supply-faults.ts'

export const podChangeFaults: readonly FaultCode[] = [
  'ClusterNotFound',
  'ClusterBusy',
  'NotSupported',
  'BalanceShort',
  ...supplyFaults,
]
