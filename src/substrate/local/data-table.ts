/** What the processes of instances reported last of the data that they keep. */

export interface CopyCount {
  readonly role: string
  /** How many nodes have to stay for what it keeps. */
  readonly copies: number
}

export interface DataTable {
  /** In place of what was reported before. */
  noteCopies(id: string, counts: readonly CopyCount[]): void
  /** The most that a process of the role reported; undefined where none did. */
  copiesOf(id: string, role: string): number | undefined
  /** Why what nodes keep that are to go can never be elsewhere; undefined where it can. */
  noteUnmet(id: string, reason: string | undefined): void
  unmetRequirement(id: string): string | undefined
  /** Forgets all instances but these. */
  keepOnly(ids: ReadonlySet<string>): void
}

export function dataTable(): DataTable {
  const copies = new Map<string, readonly CopyCount[]>()
  const lacks = new Map<string, string>()
  return {
    noteCopies: (id, counts) => void copies.set(id, counts),
    copiesOf(id, role) {
      const own = copies.get(id)?.filter((each) => each.role === role) ?? []
      return own.length === 0 ? undefined : Math.max(...own.map((each) => each.copies))
    },
    noteUnmet(id, reason) {
      if (reason === undefined) lacks.delete(id)
      else lacks.set(id, reason)
    },
    unmetRequirement: (id) => lacks.get(id),
    keepOnly(ids) {
      for (const known of [copies, lacks])
        for (const id of known.keys()) if (!ids.has(id)) known.delete(id)
    },
  }
}
