/**
 * Arithmetic of LARGEINT, which wraps around at 128 bits as in StarRocks. DuckDB has an error there, so that a result beyond them is put
 * together of parts that stay within.
 */
import { boundBoth, nested } from './text.ts'

/** Of the sign alone. */
const least = "CAST('-170141183460469231731687303715884105728' AS HUGEINT)"
const mask = '18446744073709551615::HUGEINT'
const word = '18446744073709551616::HUGEINT'

export const wrappingWide = (operator: '+' | '-' | '*', a: string, b: string): string =>
  boundBoth(a, b, (left, right) => {
    const beyond = operator === '*' ? product(left, right) : sum(operator, left, right)
    return `coalesce(TRY(${left} ${operator} ${right}), ${beyond})`
  })

/**
 * Where a sum overflows, half of 2^128 is taken from, or given to, either side, which is to turn its sign around. It is no addition, as
 * DuckDB adds up constants before columns; and TRY, as it takes a sum for one without errors and computes it where nobody asks for it.
 */
const sum = (operator: '+' | '-', a: string, b: string): string =>
  `TRY(xor(${a}, ${least}) ${operator} xor(${b}, ${least}))`

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
