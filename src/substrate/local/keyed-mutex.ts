/** One thing at a time for each name; several names side by side. */

export type InTurn = <T>(name: string, work: () => Promise<T>) => Promise<T>

export interface Turnstile {
  readonly inTurn: InTurn
  /** Resolves when everything that is under way now has ended. */
  settled(): Promise<unknown>
}

export function turnstile(): Turnstile {
  const turns = new Map<string, Promise<unknown>>()
  return {
    inTurn(name, work) {
      const turn = (turns.get(name) ?? Promise.resolve()).then(work, work)
      const ended = turn
        .catch(() => {})
        .finally(() => turns.get(name) === ended && turns.delete(name))
      turns.set(name, ended)
      return turn
    },
    settled: () => Promise.all(turns.values()),
  }
}
