/**
 * LIKE over names, for COM_FIELD_LIST and SHOW: `%` any text, `_` one character, `\` takes the next literally. A regular expression
 * built from a client's pattern can take longer than anybody waits, and nothing else runs meanwhile; this takes at most the length of
 * the name times that of the pattern, and a name is short. A pattern that asks for more characters than any name has matches none.
 */

const ANY = 0
const ONE = 1
type Token = string | typeof ANY | typeof ONE

export function likeMatcher(pattern: string, caseSensitive: boolean): (name: string) => boolean {
  const fold = (text: string) => (caseSensitive ? text : text.toLowerCase())
  const tokens = tokensOf(fold(pattern))
  return (name) => tokens !== undefined && matches(Array.from(fold(name)), tokens)
}

/** Greedy with one point to come back to: an earlier `%` never has to take more once a later one has matched. */
function matches(text: readonly string[], tokens: readonly Token[]): boolean {
  let at = 0
  let index = 0
  let star = -1
  let starAt = 0
  while (at < text.length) {
    const token = tokens[index]
    if (token === ANY) {
      star = index++
      starAt = at
    } else if (token === ONE || (token !== undefined && token === text[at])) {
      index++
      at++
    } else if (star >= 0) {
      index = star + 1
      at = ++starAt
    } else {
      return false
    }
  }
  while (tokens[index] === ANY) index++
  return index === tokens.length
}

/** More characters than any name has. */
const CHARACTERS_MAX = 65_536

function tokensOf(pattern: string): readonly Token[] | undefined {
  const found: Token[] = []
  let at = 0
  const character = (): string => {
    const next = String.fromCodePoint(pattern.codePointAt(at) ?? 0)
    at += next.length
    return next
  }
  while (at < pattern.length) {
    const next = character()
    if (next === '%') {
      if (found.at(-1) !== ANY) found.push(ANY)
      while (pattern[at] === '%') at += 1
    } else if (next === '_') found.push(ONE)
    else found.push(next === '\\' && at < pattern.length ? character() : next)
    if (found.length > 2 * CHARACTERS_MAX) return undefined
  }
  return found
}
