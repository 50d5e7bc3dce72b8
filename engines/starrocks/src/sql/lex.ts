/**
 * MySQL's lexical rules as StarRocks applies them: text in, tokens out.
 *
 * Comments (`--`, `#`, bracketed, and, as in StarRocks, also MySQL's versioned ones) vanish; an optimizer hint survives
 * only right after SELECT. Strings have their escapes resolved. Refuses unclosed quotes and characters that mean nothing.
 */
import { syntaxError } from './sql-error.ts'

export type TokenKind =
  | 'word'
  /** `backticks`, or "quotes" under ANSI_QUOTES: never a keyword. */
  | 'quoted'
  | 'string'
  | 'integer'
  | 'decimal'
  | 'double'
  | 'bytes'
  | 'symbol'
  | 'hint'
  | 'end'

export interface Token {
  readonly kind: TokenKind
  /** The value: name, string contents, digits, symbol. */
  readonly text: string
  /** Upper case of a word or symbol, for keyword tests; empty for every other kind. */
  readonly keyword: string
  readonly start: number
  readonly end: number
}

export interface LexOptions {
  readonly ansiQuotes?: boolean
}

/** StarRocks' default for parse_tokens_limit: beyond it a statement costs more to read than to refuse. */
const maxTokens = 3_500_000

/** reference: StarRocks, TokenNumberListener. */
const tooManyTokens =
  'Statement exceeds maximum length limit, please consider modify parse_tokens_limit variable.'

/** No `>>`: it would swallow the end of `ARRAY<ARRAY<INT>>`; the expression parser joins touching `>`. */
const symbols = [
  '<=>',
  '->>',
  '<=',
  '>=',
  '<>',
  '!=',
  '<<',
  '&&',
  '||',
  ':=',
  '->',
  '=>',
  '@@',
  '(',
  ')',
  ',',
  ';',
  '.',
  '=',
  '<',
  '>',
  '+',
  '-',
  '*',
  '/',
  '%',
  '&',
  '|',
  '^',
  '~',
  '!',
  '@',
  '?',
  '[',
  ']',
  '{',
  '}',
  ':',
] as const

/** Longest first, as they stand above. */
const symbolsByFirst: ReadonlyMap<string, readonly string[]> = Map.groupBy(symbols, (symbol) =>
  symbol.charAt(0),
)

/** Tokens as they are asked for: of a text that is refused after some, the rest is not read. */
export interface TokenSource {
  /** The token at `index`; past the end, the end token. */
  at(index: number): Token
}

export const tokensOf = (text: string, options: LexOptions = {}): TokenSource => {
  const tokens: Token[] = []
  let from = 0
  let end: Token | undefined
  const readNext = (): void => {
    from = skipBlank(text, from, tokens)
    if (from >= text.length) {
      end = { kind: 'end', text: '<EOF>', keyword: '', start: text.length, end: text.length }
      return
    }
    const token = readToken(text, from, tokens.at(-1), options)
    tokens.push(token)
    if (tokens.length > maxTokens) throw syntaxError(text, from, tooManyTokens)
    from = token.end
  }
  return {
    at: (index) => {
      for (;;) {
        const token = tokens[index] ?? end
        if (token !== undefined) return token
        readNext()
      }
    },
  }
}

export const lex = (text: string, options: LexOptions = {}): readonly Token[] => {
  const source = tokensOf(text, options)
  const tokens: Token[] = []
  do tokens.push(source.at(tokens.length))
  while (tokens.at(-1)?.kind !== 'end')
  return tokens
}

const isSpace = (code: number): boolean =>
  code === 32 || (code >= 9 && code <= 13) || code === 0xa0 || code === 0x3000 || code === 0xfeff

/** A backslash begins no token, and StarRocks' lexer leaves it out. reference: test_stream_load_lambda of its suite, `\\,` */
const isBlank = (code: number): boolean => isSpace(code) || code === 92

const isDigit = (code: number): boolean => code >= 48 && code <= 57

const isLetter = (code: number): boolean =>
  (code >= 97 && code <= 122) ||
  (code >= 65 && code <= 90) ||
  code === 95 ||
  code === 36 ||
  (code > 127 && !isSpace(code))

/** What a hint may stand behind. */
const hinted: ReadonlySet<string> = new Set(['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'SUBMIT'])

/** Skips spaces and comments; a hint at its place is pushed as a token. */
const skipBlank = (text: string, from: number, tokens: Token[]): number => {
  let at = from
  for (;;) {
    while (at < text.length && isBlank(text.charCodeAt(at))) at += 1
    if (text.startsWith('--', at) || text[at] === '#') {
      const end = text.indexOf('\n', at)
      if (end === -1) return text.length
      at = end + 1
    } else if (text.startsWith('/*', at)) {
      const end = text.indexOf('*/', at + 2)
      if (end === -1) throw syntaxError(text, at, 'The comment is not closed.')
      const before = tokens.at(-1)
      const isPlace = before?.kind === 'hint' || hinted.has(before?.keyword ?? '')
      if (text[at + 2] === '+' && isPlace) {
        const hint = text.slice(at + 3, end)
        tokens.push({ kind: 'hint', text: hint, keyword: '', start: at, end: end + 2 })
      }
      at = end + 2
    } else {
      return at
    }
  }
}

const readToken = (
  text: string,
  at: number,
  previous: Token | undefined,
  options: LexOptions,
): Token => {
  const code = text.charCodeAt(at)
  const char = text[at] ?? ''
  if (char === "'" || char === '"') {
    const { value, end } = readString(text, at)
    const kind = char === '"' && options.ansiQuotes === true ? 'quoted' : 'string'
    return { kind, text: value, keyword: '', start: at, end }
  }
  if (char === '`') return readBackticks(text, at)
  if (isLetter(code)) return readPrefixedString(text, at) ?? readWord(text, at)
  const afterDot = previous?.text === '.' && previous.end === at
  if (isDigit(code)) return afterDot ? readWord(text, at) : readNumber(text, at)
  if (char === '.' && isDigit(text.charCodeAt(at + 1)) && !continuesName(previous, at)) {
    return readNumber(text, at)
  }
  for (const symbol of symbolsByFirst.get(char) ?? []) {
    if (symbol.length === 1 || text.startsWith(symbol, at)) {
      return { kind: 'symbol', text: symbol, keyword: symbol, start: at, end: at + symbol.length }
    }
  }
  throw syntaxError(text, at, `Unexpected character '${char}'.`)
}

/** `t.1a`: the dot belongs to a name, not to a number. */
const continuesName = (previous: Token | undefined, at: number): boolean =>
  previous !== undefined &&
  previous.end === at &&
  (previous.kind === 'word' || previous.kind === 'quoted')

const readWord = (text: string, start: number): Token => {
  let end = start + 1
  while (end < text.length && isWordPart(text.charCodeAt(end))) end += 1
  const word = text.slice(start, end)
  return { kind: 'word', text: word, keyword: word.toUpperCase(), start, end }
}

const isWordPart = (code: number): boolean => isLetter(code) || isDigit(code)

/** x'6162', b'0101', n'text': the letter touches the quote. */
const readPrefixedString = (text: string, start: number): Token | undefined => {
  const quote = text[start + 1]
  if (quote !== "'" && quote !== '"') return undefined
  const prefix = text[start]?.toLowerCase()
  if (prefix !== 'x' && prefix !== 'b' && prefix !== 'n') return undefined
  const { value, end } = readString(text, start + 1)
  if (prefix === 'n') return { kind: 'string', text: value, keyword: '', start, end }
  const hex = prefix === 'x' ? hexDigits(value) : bitsToHex(value)
  if (hex === undefined) throw syntaxError(text, start, `Invalid binary literal '${value}'.`)
  return { kind: 'bytes', text: hex, keyword: '', start, end }
}

const hexDigits = (value: string): string | undefined =>
  value.length % 2 === 0 && [...value].every((digit) => '0123456789abcdefABCDEF'.includes(digit))
    ? value.toLowerCase()
    : undefined

const bitsToHex = (value: string): string | undefined => {
  if (![...value].every((digit) => digit === '0' || digit === '1')) return undefined
  const padded = value.padStart(Math.ceil(value.length / 8) * 8, '0')
  let hex = ''
  for (let at = 0; at < padded.length; at += 4) {
    hex += Number.parseInt(padded.slice(at, at + 4), 2).toString(16)
  }
  return hex
}

const readBackticks = (text: string, start: number): Token => {
  let value = ''
  let at = start + 1
  for (;;) {
    const end = text.indexOf('`', at)
    if (end === -1) throw syntaxError(text, start, 'The quoted identifier is not closed.')
    value += text.slice(at, end)
    if (text[end + 1] !== '`') {
      if (value === '') throw syntaxError(text, start, 'The quoted identifier is empty.')
      return { kind: 'quoted', text: value, keyword: '', start, end: end + 1 }
    }
    value += '`'
    at = end + 2
  }
}

/** Of the character behind a backslash, where it is not itself. LIKE needs `%` and `_` to stay escaped: see below. */
const escapes: ReadonlyMap<number, number> = new Map(
  Object.entries({ '0': '\0', b: '\b', n: '\n', r: '\r', t: '\t', Z: '\x1a' }).map(
    ([letter, meant]) => [letter.charCodeAt(0), meant.charCodeAt(0)] as const,
  ),
)

const backslash = 92
const percent = 37
const underscore = 95

const readString = (text: string, start: number): { value: string; end: number } => {
  const quote = text.charCodeAt(start)
  let at = start + 1
  let isPlain = true
  for (; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === backslash) at += 1
    else if (code !== quote) continue
    else if (text.charCodeAt(at + 1) === quote) at += 1
    else {
      const value = isPlain ? text.slice(start + 1, at) : resolved(text, start + 1, at)
      return { value, end: at + 1 }
    }
    isPlain = false
  }
  throw syntaxError(text, start, 'The string is not closed.')
}

/** What stands between two quotes, its escapes and doubled quotes resolved. In one piece: a part for each would cost a string each. */
const resolved = (text: string, from: number, to: number): string => {
  const units = new Uint16Array(to - from)
  let length = 0
  let bits = 0
  for (let at = from; at < to; at += 1) {
    let unit = text.charCodeAt(at)
    if (unit === backslash || unit === text.charCodeAt(from - 1)) {
      const isEscaped = unit === backslash
      at += 1
      unit = text.charCodeAt(at)
      if (isEscaped && (unit === percent || unit === underscore)) units[length++] = backslash
      if (isEscaped) unit = escapes.get(unit) ?? unit
    }
    units[length++] = unit
    bits |= unit
  }
  const written = units.subarray(0, length)
  return bits <= 0xff
    ? Buffer.from(written).toString('latin1')
    : Buffer.from(units.buffer, 0, 2 * length).toString('utf16le')
}

/** 12, 1.5, .5, 1., 1e3; `12ab` is a name, as in MySQL. */
const readNumber = (text: string, start: number): Token => {
  const digits = (from: number): number => {
    let end = from
    while (isDigit(text.charCodeAt(end))) end += 1
    return end
  }
  let end = digits(start)
  let kind: TokenKind = 'integer'
  if (text[end] === '.') {
    kind = 'decimal'
    end = digits(end + 1)
  }
  if (text[end] === 'e' || text[end] === 'E') {
    const sign = text[end + 1] === '+' || text[end + 1] === '-' ? 1 : 0
    const exponentEnd = digits(end + 1 + sign)
    if (exponentEnd > end + 1 + sign) {
      kind = 'double'
      end = exponentEnd
    }
  }
  if (isLetter(text.charCodeAt(end))) {
    if (kind === 'integer') return readWord(text, start)
    throw syntaxError(text, start, `Invalid number '${text.slice(start, end + 1)}'.`)
  }
  return { kind, text: text.slice(start, end), keyword: '', start, end }
}
