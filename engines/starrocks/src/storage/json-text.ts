/** So many characters are one piece. */
const PIECE_CHARACTERS = 65_536

/** JSON as StarRocks prints it: one space after each comma and colon, none elsewhere; numbers and strings untouched. */
export const spacedJson = (text: string): string => [...spacedPieces(text)].join('')

/** The same; yields now and then, for one may have megabytes. */
export function* spacedJsonInPieces(text: string): Generator<void, string> {
  const parts: string[] = []
  for (const piece of spacedPieces(text)) {
    parts.push(piece)
    if (parts.length > 1) yield
  }
  return parts.join('')
}

function* spacedPieces(text: string): Generator<string, void> {
  let parts: string[] = []
  let due = PIECE_CHARACTERS
  for (let at = 0; at < text.length;) {
    const quote = text.indexOf('"', at)
    const plain = Math.min(quote < 0 ? text.length : quote, at + PIECE_CHARACTERS)
    if (plain > at) parts.push(spaced(text.slice(at, plain)))
    at = plain === quote ? endOfString(text, quote) : plain
    if (plain === quote) parts.push(text.slice(quote, at))
    if (at < due) continue
    yield parts.join('')
    parts = []
    due = at + PIECE_CHARACTERS
  }
  yield parts.join('')
}

const BLANK = /[ \n\r\t]/

/** What stands between strings. */
function spaced(text: string): string {
  const dense = BLANK.test(text) ? text.replaceAll(/[ \n\r\t]+/g, '') : text
  return dense.replaceAll(',', ', ').replaceAll(':', ': ')
}

/** The offset behind the closing quote. */
function endOfString(text: string, start: number): number {
  let at = start + 1
  while (at < text.length && text.charAt(at) !== '"') at += text.charAt(at) === '\\' ? 2 : 1
  return at + 1
}
