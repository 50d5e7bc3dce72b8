/**
 * What is being copied for instances that are restored. A copy takes as long as the disk does: it continues beside everything else,
 * and passes (converge.ts) ask how it went.
 */

export interface Seeds {
  /** Begins the work unless it is under way. Once it has ended, how, and only once; throws what it threw. */
  outcome(
    id: string,
    work: (signal: AbortSignal) => Promise<string | undefined>,
  ): { readonly reason: string | undefined } | undefined
  /** Cuts off what is under way for the instance. */
  forget(id: string): void
  /** Resolves when none is under way. */
  settled(): Promise<void>
}

type End = { readonly reason: string | undefined } | { readonly problem: unknown }

interface Seed {
  readonly cutOff: AbortController
  readonly work: Promise<void>
  end?: End
}

/** `closing` cuts all of them off. */
export function seedTable(closing: AbortSignal): Seeds {
  const seeds = new Map<string, Seed>()
  const begin = (work: (signal: AbortSignal) => Promise<string | undefined>): Seed => {
    const cutOff = new AbortController()
    const { promise, resolve } = Promise.withResolvers<void>()
    const seed: Seed = { cutOff, work: promise }
    void work(AbortSignal.any([closing, cutOff.signal]))
      .then(
        (reason) => void (seed.end = { reason }),
        (problem: unknown) => void (seed.end = { problem }),
      )
      .finally(resolve)
    return seed
  }
  return {
    outcome(id, work) {
      const known = seeds.get(id)
      if (!known) seeds.set(id, begin(work))
      if (!known?.end) return undefined
      seeds.delete(id)
      if ('problem' in known.end) throw known.end.problem
      return known.end
    },
    forget(id) {
      seeds.get(id)?.cutOff.abort()
      seeds.delete(id)
    },
    async settled() {
      for (const { work } of seeds.values()) await work
    },
  }
}
