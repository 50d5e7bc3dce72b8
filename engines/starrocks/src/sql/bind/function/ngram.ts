/** ngram_search(): which share of the needle's runs of n characters the text has too. reference: ngram_search in StarRocks' BE. */
import { SqlError } from '../../../session.ts'
import type { Bound, Operand } from '../../bound.ts'
import { isDate } from '../../common-type.ts'
import { nested, once } from '../../emit/text.ts'
import { analyzingError } from '../../sql-error.ts'
import { checked, define, signature } from './spec.ts'
import type { FunctionSpec, Signature } from './spec.ts'

const runsOf = (text: string, n: string): string =>
  nested(
    (at) =>
      `list_distinct(list_transform(range(1, length(${text}) - ${n} + 2), lambda ${at}: substring(${text}, ${at}, ${n})))`,
  )

/** The texts are those of StarRocks 3.3.7, FunctionAnalyzer and be/src/exprs/ngram.cpp. */
const constantLength = (value: Pick<Operand, 'literal'> | undefined): string => {
  const text = value?.literal?.text ?? ''
  if (!/^[1-9]\d{0,3}$/.test(text))
    throw new SqlError("ngram search's third parameter must be a positive number")
  return text
}

const isFixed = (value: Bound): boolean =>
  value.kind === 'constant' ||
  (value.kind === 'conversion' && isFixed(value.value)) ||
  (value.kind === 'call' && value.over === undefined && value.args.every(isFixed))

const demandSearch = (name: string, [text, needle, length]: readonly Bound[]): void => {
  if (text?.kind === 'conversion' && isDate(text.value.type))
    throw analyzingError(
      `${name} function 's first parameter and second parameter must be string type.`,
    )
  if ([needle, length].some((value) => value !== undefined && !isFixed(value)))
    throw analyzingError(
      `${name} function 's second parameter and third parameter must be constant.`,
    )
  constantLength(length)
}

/** In FLOAT, as one less the share that is missing: other ways give other last digits. */
const search =
  (fold: (text: string) => string) =>
  ([text = '', needle = '']: readonly string[], [, , length]: readonly Operand[]): string => {
    const n = constantLength(length)
    return once(fold(text), (whole) =>
      once(fold(needle), (part) =>
        once(
          runsOf(part, n),
          (runs) =>
            `CASE WHEN ${whole} IS NULL OR ${part} IS NULL THEN NULL WHEN len(${runs}) = 0 THEN 0 ELSE CAST(CAST(1 AS FLOAT) - CAST(len(${runs}) - len(list_intersect(${runs}, ${runsOf(whole, n)})) AS FLOAT) / CAST(len(${runs}) AS FLOAT) AS DOUBLE) END`,
        ),
      ),
    )
  }

const searching = (name: string, fold: (text: string) => string): Signature =>
  checked(
    (args) => demandSearch(name, args),
    signature(['varchar', 'varchar', 'int'], 'double', search(fold)),
  )

export const ngramFunctions: readonly FunctionSpec[] = [
  ...define(
    'ngram_search',
    searching('ngram_search', (text) => text),
  ),
  ...define(
    'ngram_search_case_insensitive',
    searching('ngram_search_case_insensitive', (text) => `lower(${text})`),
  ),
]
