/**
 * Error codes that changed their spelling between the founding document (2021) and today (reference: tencent-emr.md 2.9).
 * Rules name the finer of the two; the configuration says which list a client sees. Codes that are not here are the same in
 * both, misspelt ones (`InvalidSercurityGrpupId`) included.
 */
export type ErrorCodes = 'seed' | 'current'

export function spelled(code: string, list: ErrorCodes): string {
  return changed.get(code)?.[list] ?? code
}

interface Spelling {
  readonly seed: string
  readonly current: string
}

const changed: ReadonlyMap<string, Spelling> = new Map(
  Object.entries({
    'InvalidParameter.InvaildCoreCount': {
      seed: 'InvalidParameter.InvaildCoreCount',
      current: 'InvalidParameter.InvalidCoreCount',
    },
    'ResourcesSoldOut.': { seed: 'ResourcesSoldOut.', current: 'ResourcesSoldOut' },
    ...finer('InvalidParameter.InvalidSoftWareName', 'InvalidParameter.InvalidComponent'),
    ...finer('InvalidParameter.InvalidInstanceType', 'InvalidParameter.InvalidResourceSpec'),
    ...finer('InvalidParameter.HALessMasterCount', 'InvalidParameter.IncorrectMasterCount'),
    ...finer('InvalidParameter.InvalidMetaDataJdbcUrl', 'InvalidParameter.InvalidMetaType'),
    ...finer('InvalidParameter.InvalidUnifyMeta', 'InvalidParameter.InvalidMetaType'),
    ...finer('InvalidParameter.InvalidCosFileURI', 'InvalidParameter.InvalidPreExecutedFile'),
    ...finer('InvalidParameter.InvalidSecuritySupport', 'UnsupportedOperation'),
    ...finer('ResourceNotFound.SubnetNotFound', 'InvalidParameter.InvalidSubnetId'),
  }),
)

/** A code that today's list has, and what the founding document's list had in its place. */
function finer(current: string, seed: string): Record<string, Spelling> {
  return { [current]: { seed, current } }
}
