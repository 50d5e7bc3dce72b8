/** Columns and outputs by name, which has no case. */

interface Named {
  readonly name: string
}

/** Lists that are shorter are looked through: an index costs more than a few names. */
const INDEXED_MIN = 64

/** Thousands of look-ups among thousands of columns took seconds without. A list never changes. */
const indexes = new WeakMap<readonly Named[], ReadonlyMap<string, readonly unknown[]>>()

export function namedOf<T extends Named>(list: readonly T[], name: string): readonly T[] {
  const wanted = name.toLowerCase()
  if (list.length < INDEXED_MIN) return list.filter((entry) => entry.name.toLowerCase() === wanted)
  const index = indexes.get(list) ?? Map.groupBy(list, (entry) => entry.name.toLowerCase())
  indexes.set(list, index)
  // The index was made of this very list.
  return (index.get(wanted) ?? []) as readonly T[]
}
