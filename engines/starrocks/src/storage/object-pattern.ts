/**
 * Patterns of objects as Hadoop reads them: `*` and `?` within one part of the path, `[a-z]`, `[^a]`, and `{a,b}`, which stands for each of
 * its words. Matched here and not by DuckDB, to which some of these characters mean something else.
 */
import { objectError } from './object-path.ts'

/** Far above what a statement lists on purpose. */
const ALTERNATIVES_MAX = 1000

/** At commas that are in no braces. */
export function splitPaths(text: string): readonly string[] {
  const paths: string[] = []
  let [start, depth] = [0, 0]
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '{') depth++
    else if (text[at] === '}') depth--
    else if (text[at] === ',' && depth <= 0) {
      paths.push(text.slice(start, at).trim())
      start = at + 1
    }
  }
  return [...paths, text.slice(start).trim()]
}

/** Every text that the braces can stand for. */
export function expandBraces(text: string): readonly string[] {
  const open = text.indexOf('{')
  if (open < 0) return [text]
  const close = text.indexOf('}', open)
  const inner = text.slice(open + 1, close)
  if (close < 0 || inner.includes('{'))
    throw objectError('braces in a path cannot be nested or left open')
  const rests = expandBraces(text.slice(close + 1))
  const words = inner.split(',')
  if (words.length * rests.length > ALTERNATIVES_MAX)
    throw objectError(`braces in a path stand for more than ${ALTERNATIVES_MAX} paths`)
  return words.flatMap((word) => rests.map((rest) => `${text.slice(0, open)}${word}${rest}`))
}

/** Throws for one that cannot be read. */
export function checkPattern(pattern: string): void {
  for (const part of pattern.split('/')) tokensOf(part)
}

export function matchesPattern(pattern: string, key: string): boolean {
  const [patterns, parts] = [pattern.split('/'), key.split('/')]
  return (
    patterns.length === parts.length &&
    patterns.every((each, index) => partMatches(tokensOf(each), [...(parts[index] ?? '')]))
  )
}

/** `many`: any number of characters. */
type PatternToken = 'many' | ((character: string) => boolean)

function tokensOf(pattern: string): readonly PatternToken[] {
  const tokens: PatternToken[] = []
  const letters = [...pattern]
  for (let at = 0; at < letters.length; at++) {
    const letter = letters[at] ?? ''
    if (letter === '*') tokens.push('many')
    else if (letter === '?') tokens.push(() => true)
    else if (letter === '[') {
      const close = letters.indexOf(']', at + 2)
      if (close < 0) throw objectError('a bracket in a path is left open')
      tokens.push(classOf(letters.slice(at + 1, close)))
      at = close
    } else tokens.push((character) => character === letter)
  }
  return tokens
}

function classOf(letters: readonly string[]): PatternToken {
  const negated = letters[0] === '^' || letters[0] === '!'
  const ranges: (readonly [string, string])[] = []
  for (let at = negated ? 1 : 0; at < letters.length; at++) {
    const from = letters[at] ?? ''
    const to = letters[at + 1] === '-' ? letters[at + 2] : undefined
    ranges.push([from, to ?? from])
    if (to !== undefined) at += 2
  }
  return (character) =>
    ranges.some(([from, to]) => from <= character && character <= to) !== negated
}

/** In steps at most the product of both lengths: where a `*` took too little, it takes one more. */
function partMatches(tokens: readonly PatternToken[], letters: readonly string[]): boolean {
  let [token, letter] = [0, 0]
  let back: { token: number; letter: number } | undefined
  while (letter < letters.length) {
    const now = tokens[token]
    if (now === 'many') {
      back = { token, letter }
      token++
    } else if (now !== undefined && now(letters[letter] ?? '')) {
      token++
      letter++
    } else if (back) {
      back = { token: back.token, letter: back.letter + 1 }
      token = back.token + 1
      letter = back.letter
    } else return false
  }
  return tokens.slice(token).every((rest) => rest === 'many')
}
