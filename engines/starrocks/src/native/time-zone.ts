/** Names of time zones, as ICU writes them; StarRocks' CST is China's. */
const known = new Map<string, string | undefined>()

/** Names come from rows: what is remembered stays small. */
const KNOWN_MAX = 1000

/** Undefined for a zone that does not exist. */
export function timeZoneNamed(name: string): string | undefined {
  if (known.has(name)) return known.get(name)
  if (known.size >= KNOWN_MAX) known.clear()
  const found = canonical(name === 'CST' ? 'Asia/Shanghai' : name)
  known.set(name, found)
  return found
}

function canonical(name: string): string | undefined {
  if (name.length > 64) return undefined
  try {
    return Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone
  } catch {
    return undefined
  }
}
