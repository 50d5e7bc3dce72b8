/** Filters of listings: values of one are alternatives; two of one name must both hold (reference: tencent-emr.md 5.2). */
import { choice, list, object, text, type Static } from '../../../../shape/shape.ts'
import { pageSizeMax } from './listing.ts'

export const filter = object({
  Name: choice(['ClusterId', 'ClusterName', 'ClusterStatus']),
  Values: list(text({ trim: true, max: 128 }), { max: pageSizeMax }),
})

export type FilterInput = Static<typeof filter>

/** Undefined where no filter has the name. */
export function valuesOf(
  filters: readonly FilterInput[],
  name: FilterInput['Name'],
): readonly string[] | undefined {
  const [first, ...more] = filters.filter((each) => each.Name === name).map((each) => each.Values)
  const others = more.map((values) => new Set(values))
  return first?.filter((value) => others.every((values) => values.has(value)))
}
