/** LIKE over names, as COM_FIELD_LIST has it: `%` any text, `_` one character, `\` takes the next literally; case is ignored. */
export function matchesWildcard(name: string, pattern: string): boolean {
  const text = Array.from(name.toLowerCase())
  const wanted = tokens(pattern.toLowerCase())
  let at = 0
  let index = 0
  let star = -1
  let starAt = 0
  // Greedy with one point to come back to: never more than length times length steps.
  while (at < text.length) {
    const token = wanted[index]
    if (token === '%any') {
      star = index++
      starAt = at
    } else if (token === '%one' || (token !== undefined && token === text[at])) {
      index++
      at++
    } else if (star >= 0) {
      index = star + 1
      at = ++starAt
    } else {
      return false
    }
  }
  while (wanted[index] === '%any') index++
  return index === wanted.length
}

function tokens(pattern: string): string[] {
  const found: string[] = []
  const characters = Array.from(pattern)
  for (let index = 0; index < characters.length; index++) {
    const character = characters[index] ?? ''
    if (character === '\\' && index + 1 < characters.length) found.push(characters[++index] ?? '')
    else if (character === '%') found.push('%any')
    else if (character === '_') found.push('%one')
    else found.push(character)
  }
  return found
}
