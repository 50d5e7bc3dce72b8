/**
 * LIKE over names, for COM_FIELD_LIST and SHOW: `%` any text, `_` one character, `\` takes the next literally. A regular expression
 * built from a client's pattern can take longer than anybody waits, and nothing else runs meanwhile; this takes at most the length of
 * the name times that of the pattern, and a name is short.
 */

const ANY = 0
const ONE = 1
type Token = string | typeof ANY | typeof ONE

export function likeMatcher(pattern: string, caseSensitive: boolean): (name: string) => boolean {
  const fold = (text: string) => (caseSensitive ? text : text.toLowerCase())
  const tokens = tokensOf(fold(pattern))
  return (name) => matches(Array.from(fold(name)), tokens)
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

function tokensOf(pattern: string): readonly Token[] {
  const found: Token[] = []
  const characters = Array.from(pattern)
  for (let index = 0; index < characters.length; index++) {
    const character = characters[index] ?? ''
    if (character === '\\' && index + 1 < characters.length) found.push(characters[++index] ?? '')
    else if (character === '_') found.push(ONE)
    else if (character !== '%') found.push(character)
    else if (found.at(-1) !== ANY) found.push(ANY)
  }
  return found
}
