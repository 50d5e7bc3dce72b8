/**
 * What was set or asked for lately. Two generations: the older is dropped when the younger is full, and what is still asked for moves over.
 * Constant time a call, and never more than twice the bound.
 */
export interface RecentMap<K, V> {
  get(key: K): V | undefined
  set(key: K, value: V): void
  delete(key: K): void
  clear(): void
}

export function recentMap<K, V>(most: number): RecentMap<K, V> {
  let younger = new Map<K, V>()
  let elder = new Map<K, V>()
  const set = (key: K, value: V) => {
    if (!younger.has(key) && younger.size >= most) {
      elder = younger
      younger = new Map()
    }
    younger.set(key, value)
  }
  return {
    get(key) {
      const known = younger.get(key)
      if (known !== undefined) return known
      const old = elder.get(key)
      if (old !== undefined) set(key, old)
      return old
    },
    set,
    delete(key) {
      younger.delete(key)
      elder.delete(key)
    },
    clear() {
      younger = new Map()
      elder = new Map()
    },
  }
}
