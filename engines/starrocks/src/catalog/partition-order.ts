/** Partitions that do not overlap, in their order: a table may have many thousands, and each new one is compared with the nearest only. */
import type { SqlType } from '../sql/type.ts'
import type { PartitionBound, PartitionEntry } from './catalog.ts'
import { compareBounds } from './partition-value.ts'

export interface PartitionOrder {
  /** One that has a value of `made`, too. */
  meeting(made: PartitionEntry): PartitionEntry | undefined
  add(made: PartitionEntry): void
  /** Where the last range ends that lies below: there one of VALUES LESS THAN begins. */
  endBelow(upper: PartitionBound): PartitionBound | undefined
}

interface Ranged {
  readonly range: NonNullable<PartitionEntry['range']>
  readonly entry: PartitionEntry
}

export function partitionOrder(
  entries: readonly PartitionEntry[],
  types: readonly SqlType[],
): PartitionOrder {
  const ranges: Ranged[] = entries
    .flatMap((entry) => (entry.range ? [{ range: entry.range, entry }] : []))
    .sort((a, b) => compareBounds(a.range.upper, b.range.upper, types))
  const ofRow = new Map<string, PartitionEntry>()
  const addRows = (entry: PartitionEntry): void => {
    for (const row of entry.values ?? []) ofRow.set(JSON.stringify(row), entry)
  }
  for (const entry of entries) addRows(entry)
  /** How many end at the bound or below it. */
  const below = (bound: PartitionBound | undefined): number => {
    let [low, high] = [0, ranges.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (compareBounds(ranges[middle]?.range.upper, bound, types) <= 0) low = middle + 1
      else high = middle
    }
    return low
  }
  return {
    meeting({ range, values }) {
      const next = range && ranges[below(range.lower)]
      if (next && compareBounds(next.range.lower, range.upper, types) < 0) return next.entry
      const row = values?.find((each) => ofRow.has(JSON.stringify(each)))
      return row && ofRow.get(JSON.stringify(row))
    },
    add(entry) {
      addRows(entry)
      const { range } = entry
      if (range) ranges.splice(below(range.upper), 0, { range, entry })
    },
    endBelow: (upper) => ranges[below(upper) - 1]?.range.upper,
  }
}
