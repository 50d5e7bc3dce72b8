/**
 * What was found in objects, their columns and types, so that it is not looked up again while they are the same. Bounded; what was used
 * longest ago goes first.
 */
import { keepRecent } from './recent.ts'

const ENTRIES_MAX = 256

export interface ShapeCache {
  /** `key` names all that the answer depends on. What fails is not remembered. */
  of<T>(key: string, look: () => Promise<T>): Promise<T>
  clear(): void
}

export function shapeCache(most = ENTRIES_MAX): ShapeCache {
  const known = new Map<string, unknown>()
  return {
    async of<T>(key: string, look: () => Promise<T>) {
      const shape = known.has(key) ? (known.get(key) as T) : await look()
      keepRecent(known, key, shape, most)
      return shape
    },
    clear: () => known.clear(),
  }
}
