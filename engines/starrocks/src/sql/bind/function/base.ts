/**
 * `conv`: the digits of one base as those of another one.
 * reference: StarRocks 3.3.7, MathFunctions::conv_string, StringParser::string_to_int.
 */
import { once, onceAll } from '../../emit/text.ts'
import { define, signature } from './spec.ts'
import type { FunctionSpec } from './spec.ts'

const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'
const huge = (value: bigint): string => `${value}::HUGEINT`
const [zero, two63, two64] = [huge(0n), huge(2n ** 63n), huge(2n ** 64n)]

const isBase = (base: string): string => `abs(${base}) BETWEEN 2 AND 36`

const digitOf = (number: string): string =>
  `substring('${digits}', CAST(${number} AS INTEGER) + 1, 1)`

/** Without its sign, and 2^64 for what is more. A letter that is no digit of the base ends it, another sign makes it 0. */
const magnitude = (text: string, base: string): string => {
  const known = `'^([' || substring('${digits}', 1, abs(${base})) || ']*)'`
  return once(`regexp_replace(upper(${text}), '^\\s*-?\\+?', '')`, (value) => {
    const found = `regexp_extract_all(regexp_extract(${value}, ${known}, 1), '.')`
    const places = `list_transform(${found}, lambda digit: CAST(instr('${digits}', digit) - 1 AS HUGEINT))`
    const sum = `list_reduce(${places}, lambda sum, digit: least(sum * abs(${base}) + digit, ${two64}), ${zero})`
    const isWrong = `regexp_matches(${value}, ${known} || '([^0-9A-Z\\s]|\\s+\\S)')`
    return `CASE WHEN ${isWrong} THEN ${zero} ELSE ${sum} END`
  })
}

/** Cut to 64 bits: to those of a signed number where the base is negative. */
const cut = (number: string, isNegative: string, base: string): string =>
  `CASE WHEN ${base} < 0 THEN least(${number}, CASE WHEN ${isNegative} THEN ${two63} ELSE ${two63} - 1 END) WHEN ${number} = ${two64} THEN CASE WHEN ${isNegative} THEN ${zero} ELSE ${two64} - 1 END ELSE ${number} END`

/** `to_base` takes a BIGINT, and all but the last digit are one. */
const written = (number: string, base: string): string =>
  `CASE WHEN ${number} >= ${base} THEN to_base(CAST(${number} // ${base} AS BIGINT), CAST(${base} AS INTEGER)) ELSE '' END || ${digitOf(`${number} % ${base}`)}`

/** Out of 2 to 36 the answer is NULL; a negative second base is of signed numbers. */
const converted = ([text = '', from = '', to = '']: readonly string[]): string =>
  onceAll([text, from, to], ([value = '', source = '', target = '']) => {
    const isNegative = `regexp_matches(${value}, '^\\s*-')`
    const bits = once(magnitude(value, source), (number) => cut(number, isNegative, source))
    const number = once(
      bits,
      (n) => `CASE WHEN ${isNegative} THEN (${two64} - ${n}) % ${two64} ELSE ${n} END`,
    )
    const answer = once(number, (n) => {
      const size = `CASE WHEN ${target} < 0 AND ${n} >= ${two63} THEN ${two64} - ${n} ELSE ${n} END`
      const sign = `CASE WHEN ${target} < 0 AND ${n} >= ${two63} THEN '-' ELSE '' END`
      return `${sign} || ${once(size, (positive) => written(positive, `abs(${target})`))}`
    })
    return `CASE WHEN ${value} IS NOT NULL AND ${isBase(source)} AND ${isBase(target)} THEN ${answer} END`
  })

export const baseFunctions: readonly FunctionSpec[] = define(
  'conv',
  signature(['varchar', 'int', 'int'], 'varchar', converted),
)
