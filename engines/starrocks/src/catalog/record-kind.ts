/** Entries of the catalog that record what happened, and are no objects. */
import type { Entry, RecordEntry } from './catalog.ts'

const recordKinds: readonly Entry['kind'][] = ['alteration', 'deletion', 'analysis', 'statistic']

export const isRecord = (entry: Entry): entry is RecordEntry => recordKinds.includes(entry.kind)

/** Oldest first. */
export const recordsOf = <Kind extends RecordEntry['kind']>(
  records: readonly RecordEntry[],
  kind: Kind,
): Extract<RecordEntry, { kind: Kind }>[] =>
  records
    .filter((entry): entry is Extract<RecordEntry, { kind: Kind }> => entry.kind === kind)
    .sort((a, b) => a.id - b.id)
