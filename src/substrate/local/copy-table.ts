/** How many nodes have to stay for what an instance keeps, as its processes said when they were looked at last. */

export interface Said {
  readonly role: string
  readonly copies: number
}

export interface CopyTable {
  /** In place of what was said before. */
  note(id: string, said: readonly Said[]): void
  /** The most that a process of the role said; undefined where none did. */
  most(id: string, role: string): number | undefined
  /** Forgets all instances but these. */
  keepOnly(ids: ReadonlySet<string>): void
}

export function copyTable(): CopyTable {
  const instances = new Map<string, readonly Said[]>()
  return {
    note: (id, said) => void instances.set(id, said),
    most(id, role) {
      const own = instances.get(id)?.filter((each) => each.role === role) ?? []
      return own.length === 0 ? undefined : Math.max(...own.map(({ copies }) => copies))
    },
    keepOnly(ids) {
      for (const id of instances.keys()) if (!ids.has(id)) instances.delete(id)
    },
  }
}
