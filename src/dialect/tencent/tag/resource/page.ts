/** Tags of resources as clients of the tag service page through them: one row for each tag of each resource. */
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import { md5Hex } from '../../../../kernel/digest.ts'
import { object, text, type Static } from '../../../../shape/shape.ts'
import { product } from '../../emr/action.ts'
import { invalid } from '../../emr/refusal.ts'

export const tagResource = object({
  TagKey: text(),
  TagValue: text(),
  ResourceId: text(),
  TagKeyMd5: text(),
  TagValueMd5: text(),
  ServiceType: text(),
  Category: text(),
})

export type TagResource = Static<typeof tagResource>

/** Every tag here is its owner's; the service's own ones are of another category. */
export const CATEGORY = 'Custom'

export function rowsOf({ id, tags }: Cluster): readonly TagResource[] {
  return tags.map(({ key, value }) => ({
    TagKey: key,
    TagValue: value,
    ResourceId: id,
    TagKeyMd5: md5Hex(key),
    TagValueMd5: md5Hex(value),
    ServiceType: product,
    Category: CATEGORY,
  }))
}

export interface Paging {
  readonly Offset: number
  readonly Limit: number
}

/** Throws OffsetInvalid: an Offset must be a multiple of Limit, as the documents say. */
export function pageOf(rows: readonly TagResource[], { Offset, Limit }: Paging) {
  if (Offset % Limit !== 0) {
    throw invalid({
      name: 'Offset',
      code: 'InvalidParameterValue.OffsetInvalid',
      rule: `it must be a multiple of Limit (${Limit})`,
      value: Offset,
    })
  }
  return { total: rows.length, rows: rows.slice(Offset, Offset + Limit) }
}
