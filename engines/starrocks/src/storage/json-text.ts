/** JSON as StarRocks prints it: one space after each comma and colon, none elsewhere; numbers and strings untouched. */
export function spacedJson(text: string): string {
  let out = ''
  let at = 0
  while (at < text.length) {
    const char = text.charAt(at)
    if (char === '"') {
      const end = endOfString(text, at)
      out += text.slice(at, end)
      at = end
      continue
    }
    if (char === ',' || char === ':') out += `${char} `
    else if (!/\s/.test(char)) out += char
    at++
  }
  return out
}

/** The offset behind the closing quote. */
function endOfString(text: string, start: number): number {
  let at = start + 1
  while (at < text.length && text.charAt(at) !== '"') at += text.charAt(at) === '\\' ? 2 : 1
  return at + 1
}
