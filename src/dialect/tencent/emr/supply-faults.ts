/** What nodes that come may be refused with, by what they are made of. */
import type { FaultCode } from '../../../domain/fault.ts'

export const supplyFaults = [
  'ResourceMissing',
  'ResourceMismatch',
  'ResourceUnfit',
  'ResourceFull',
  'ResourceShort',
  'QuotaExceeded',
] as const satisfies readonly FaultCode[]
