/** Texts joined to one: those of a list, for which DuckDB's array_to_string wants a constant separator, and those of arguments. */
import type { Operand } from '../../bound.ts'
import { once } from '../../emit/text.ts'
import { maxVarcharLength } from '../../type.ts'

export const joinTexts = (list: string, separator: string): string => {
  const constant = /^'(?:[^']|'')*'$/.test(separator)
  if (constant) return `array_to_string(${list}, ${separator})`
  const joined = `list_reduce(${list}, lambda left_text, right_text: left_text || ${separator} || right_text)`
  return `CASE WHEN ${separator} IS NULL THEN NULL WHEN len(${list}) = 0 THEN '' ELSE ${joined} END`
}

/** StarRocks' strings end at one megabyte; beyond it the answer is NULL. */
export const limited = (text: string): string =>
  once(text, (value) => `CASE WHEN strlen(${value}) <= ${maxVarcharLength} THEN ${value} END`)

/** Literals are known to be short at once. */
const areShort = (texts: readonly Operand[]): boolean => {
  const lengths = texts.map(({ literal }) => (literal ? Buffer.byteLength(literal.text) : Infinity))
  return lengths.reduce((sum, length) => sum + length, 0) <= maxVarcharLength
}

/** Text that is written twice is computed twice, so for more than names a variable costs less. */
const repeatedLength = 100

export const concatenated = (args: readonly string[], typed: readonly Operand[]): string => {
  const joined = `CAST((${args.join(' || ')}) AS VARCHAR)`
  if (args.length === 1 || areShort(typed)) return joined
  if (joined.length > repeatedLength) return limited(joined)
  const length = args.map((text) => `strlen(${text})`).join(' + ')
  return `CASE WHEN ${length} <= ${maxVarcharLength} THEN ${joined} END`
}

export const concatenatedWith = (args: readonly string[], typed: readonly Operand[]): string => {
  const joined = `concat_ws(${args.join(', ')})`
  return areShort(typed) ? joined : limited(joined)
}
