/**
 * Arithmetic of LARGEINT, which wraps around at 128 bits as in StarRocks. DuckDB has an error there, so that a result beyond them is put
 * together of parts that stay within.
 */
import { boundBoth, nested } from './text.ts'

const most = '170141183460469231731687303715884105727::HUGEINT'
const mask = '18446744073709551615::HUGEINT'
const word = '18446744073709551616::HUGEINT'

export const wrappingWide = (operator: '+' | '-' | '*', a: string, b: string): string =>
  boundBoth(a, b, (left, right) => {
    const beyond = operator === '*' ? product(left, right) : sum(operator, left, right)
    return `coalesce(TRY(${left} ${operator} ${right}), ${beyond})`
  })

/** Half of 2^128 is taken from, or given to, either side: of a sum they have one sign, of a difference two. */
const sum = (operator: '+' | '-', a: string, b: string): string => {
  const down = (value: string) => `(${value} - ${most} - 1)`
  const up = (value: string) => `(${value} + ${most} + 1)`
  const [low, high] = operator === '+' ? [down(b), up(b)] : [up(b), down(b)]
  return `CASE WHEN ${a} >= 0 THEN ${down(a)} ${operator} ${low} ELSE ${up(a)} ${operator} ${high} END`
}

/** By halves of 64 bits; of the upper product only what stays. */
const product = (a: string, b: string): string => {
  const lower = (value: string) => `(${value} & ${mask})`
  const upper = (value: string) => `((${value} - ${lower(value)}) // ${word})`
  const cross = `(((${upper(a)} * ${lower(b)}) & ${mask}) + ((${lower(a)} * ${upper(b)}) & ${mask}))`
  const low = `(CAST(${lower(a)} AS UHUGEINT) * CAST(${lower(b)} AS UHUGEINT))`
  return nested((name) => {
    const parts = `struct_pack(l := ${low}, c := ${cross})`
    const high = `((CAST((${name}).l // CAST(${word} AS UHUGEINT) AS HUGEINT) + (${name}).c) & ${mask})`
    const rest = `CAST((${name}).l % CAST(${word} AS UHUGEINT) AS HUGEINT)`
    // One word less and taken away behind it: DuckDB does not multiply to the smallest number.
    const signed = `CASE WHEN ${high} >= ${word} // 2 THEN (${high} - ${word} + 1) * ${word} + (${rest} - ${word}) ELSE ${high} * ${word} + ${rest} END`
    return `list_extract(list_transform([${parts}], lambda ${name}: ${signed}), 1)`
  })
}
