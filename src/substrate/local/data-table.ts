/** What was learnt last of the data that the processes of instances keep. */

export interface Said {
  readonly role: string
  /** How many nodes have to stay for what it keeps. */
  readonly copies: number
}

export interface DataTable {
  /** In place of what was said before. */
  noteCopies(id: string, said: readonly Said[]): void
  /** The most that a process of the role said; undefined where none did. */
  copiesOf(id: string, role: string): number | undefined
  /** Why what nodes keep that are to go can never be elsewhere; undefined where it can. */
  noteLack(id: string, reason: string | undefined): void
  lackOf(id: string): string | undefined
  /** Forgets all instances but these. */
  keepOnly(ids: ReadonlySet<string>): void
}

export function dataTable(): DataTable {
  const copies = new Map<string, readonly Said[]>()
  const lacks = new Map<string, string>()
  return {
    noteCopies: (id, said) => void copies.set(id, said),
    copiesOf(id, role) {
      const own = copies.get(id)?.filter((each) => each.role === role) ?? []
      return own.length === 0 ? undefined : Math.max(...own.map((each) => each.copies))
    },
    noteLack(id, reason) {
      if (reason === undefined) lacks.delete(id)
      else lacks.set(id, reason)
    },
    lackOf: (id) => lacks.get(id),
    keepOnly(ids) {
      for (const known of [copies, lacks])
        for (const id of known.keys()) if (!ids.has(id)) known.delete(id)
    },
  }
}
