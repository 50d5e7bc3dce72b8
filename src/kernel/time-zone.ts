/**
 * Time zones by their names. A formatter of ICU holds some 10 kB that the garbage collector does not count and so does not hurry to
 * free: each is made once.
 */

/** Canonical names, as ICU writes them; undefined for a zone that does not exist. */
const known = new Map<string, string | undefined>()
const formatters = new Map<string, Intl.DateTimeFormat>()

/** Names come from clients and from rows: what is remembered stays small. */
const KNOWN_MAX = 1000
const FORMATTERS_MAX = 32
const NAME_LENGTH_MAX = 64

/** Of the zones that are called `CST` China's is meant, as StarRocks takes it. */
export const zoneOf = (name: string): string => (name === 'CST' ? 'Asia/Shanghai' : name)

/** Undefined for a zone that does not exist. Offsets (`+08:00`) are zones too. */
export function timeZoneNamed(name: string): string | undefined {
  if (name.length > NAME_LENGTH_MAX) return undefined
  if (known.has(name)) return known.get(name)
  if (known.size >= KNOWN_MAX) known.clear()
  const found = canonical(zoneOf(name))
  known.set(name, found)
  return found
}

function canonical(name: string): string | undefined {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone
  } catch {
    return undefined
  }
}

/** `YYYY-MM-DD hh:mm:ss`, as a clock on a wall of the zone shows it. Throws a RangeError for a zone that does not exist. */
export function wallTimeText(ms: number, timeZone: string): string {
  let formatter = formatters.get(timeZone)
  if (formatter === undefined) {
    formatter = new Intl.DateTimeFormat('sv-SE', {
      timeZone,
      dateStyle: 'short',
      timeStyle: 'medium',
    })
    if (formatters.size >= FORMATTERS_MAX) formatters.clear()
    formatters.set(timeZone, formatter)
  }
  return formatter.format(ms)
}
