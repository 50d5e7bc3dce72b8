/**
 * LIKE. DuckDB tries every way of dividing a text among the `%` of a pattern that has a `_` too, which a few of them make endless, and
 * compares as far as it gets at each place of the text. Such a pattern becomes regular expressions, which RE2 matches in time linear in
 * the text; of one that is longer than its automaton has room for, piece by piece.
 */
import { analyzingError } from '../sql-error.ts'
import { onceBoth, quote } from './text.ts'

/** `literal` is the pattern's text where the statement has it. */
export const likeText = (
  text: string,
  pattern: string,
  escape: string,
  literal: string | undefined,
): string => {
  if (literal === undefined) return onceBoth(text, pattern, (x, y) => likeOfValues(x, y, escape))
  const plain = !literal.includes(escape)
  // Without the escape character in it, the pattern may use DuckDB's faster paths: any number of `%` when there is no `_`.
  if ((plain && !literal.includes('_')) || isDividedOnce(literal))
    return `(${text} LIKE ${pattern}${plain ? '' : ` ESCAPE ${quote(escape)}`})`
  return matching(text, piecesOf(tokensOf(literal, escape)))
}

/** At each place of the text as much of the pattern is compared as there is behind its `%`. */
const COMPARED_MAX = 64

/** With one `%` and those at its end, a pattern is divided in one way for each place in the text. */
const isDividedOnce = (pattern: string): boolean => {
  const [, ...parts] = pattern.replace(/%+$/, '').split(/%+/)
  return parts.length === 0 || (parts.length === 1 && (parts[0] ?? '').length <= COMPARED_MAX)
}

const likeOfValues = (text: string, pattern: string, escape: string): string => {
  const head = `rtrim(${pattern}, '%')`
  const divided = `length(${head}) - length(replace(${head}, '%', ''))`
  const many = `${divided} > 1 OR ${divided} = 1 AND length(${head}) > ${COMPARED_MAX}`
  return `(CASE WHEN ${many} THEN ${fullMatch(text, expressionText(pattern, escape))} ELSE ${text} LIKE ${pattern} ESCAPE ${quote(escape)} END)`
}

const fullMatch = (text: string, expression: string): string =>
  `regexp_full_match(${text}, ${expression}, 's')`

const literally = (text: string): string => text.replaceAll(/[\\^$.|?*+()[\]{}]/g, String.raw`\$&`)

const ANY = '%'

/** Each character as an expression, and `%`. */
const tokensOf = (pattern: string, escape: string): readonly string[] => {
  const tokens: string[] = []
  const characters = [...pattern]
  for (let at = 0; at < characters.length; at++) {
    const character = characters[at] ?? ''
    if (character === escape && at + 1 < characters.length)
      tokens.push(literally(characters[++at] ?? ''))
    else if (character === '%') tokens.push(ANY)
    else tokens.push(character === '_' ? '.' : literally(character))
  }
  return tokens
}

/** Tokens for which RE2's automaton has room: of a thousand it gives up, and takes as long for each character as there are tokens. */
const PIECE_TOKENS = 400
const PIECES_MAX = 100

/** Cut in front of `%`: what stands before one may as well match as early as it can. */
function piecesOf(tokens: readonly string[]): readonly (readonly string[])[] {
  const pieces: string[][] = []
  let piece: string[] = []
  for (const token of tokens) {
    if (token === ANY && piece.length >= PIECE_TOKENS) {
      pieces.push(piece)
      piece = []
    }
    piece.push(token)
  }
  if (pieces.length >= PIECES_MAX)
    throw analyzingError('The pattern of LIKE has too many wildcards.')
  return [...pieces, piece]
}

/** Every piece takes away what it matches, from its mark on, and marks what is left for the next one; one that does not match leaves all. */
function matching(text: string, pieces: readonly (readonly string[])[]): string {
  const last = pieces.length - 1
  const expression = (piece: readonly string[], any: string) =>
    piece.map((token) => (token === ANY ? any : token)).join('')
  if (last === 0) return fullMatch(text, quote(expression(pieces[0] ?? [], '.*')))
  const left = pieces
    .slice(0, last)
    .reduce(
      (rest, piece, at) =>
        `regexp_replace(${rest}, ${quote(`^${mark(at)}${expression(piece, '.*?')}`)}, ${quote(mark(at + 1))}, 's')`,
      `(${quote(mark(0))} || ${text})`,
    )
  return fullMatch(left, quote(`${mark(last)}${expression(pieces[last] ?? [], '.*')}`))
}

const mark = (at: number): string => `${at}:`

/** The same of a pattern that is known when it runs: of each character, or of the escape character and the one behind it. */
const expressionText = (pattern: string, escape: string): string => {
  const token = `(?s)${literally(escape)}.|.`
  return `array_to_string(list_transform(regexp_extract_all(${pattern}, ${quote(token)}), lambda like_token: CASE like_token WHEN '%' THEN '.*' WHEN '_' THEN '.' ELSE regexp_escape(right(like_token, 1)) END), '')`
}
