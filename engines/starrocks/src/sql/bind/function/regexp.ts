/** Functions of regular expressions, in DuckDB's RE2 as in StarRocks'. */
import { onceBoth } from '../../emit/text.ts'
import type { Operand } from '../../bound.ts'
import { define, signature } from './spec.ts'
import type { FunctionSpec } from './spec.ts'

/** DuckDB wants the group as a constant between 0 and 9; of any other group StarRocks finds the empty text. */
const groupOf = (text: string, pattern: string, group: Operand | undefined): string => {
  const written = group?.literal?.text ?? ''
  if (/^\d$/.test(written)) return `regexp_extract(${text}, ${pattern}, ${written})`
  return onceBoth(text, pattern, (value, by) => {
    const cases = Array.from(
      { length: 10 },
      (_, number) => `WHEN ${number} THEN regexp_extract(${value}, ${by}, ${number})`,
    )
    const sql = group?.sql ?? 'NULL'
    return `CASE WHEN ${value} IS NOT NULL AND ${by} IS NOT NULL AND ${sql} IS NOT NULL THEN CASE ${sql} ${cases.join(' ')} ELSE '' END END`
  })
}

export const regexpFunctions: readonly FunctionSpec[] = [
  ...define(
    'regexp_extract',
    signature(
      ['varchar', 'varchar', 'bigint'],
      'varchar',
      ([text = '', pattern = ''], [, , group]) => groupOf(text, pattern, group),
    ),
  ),
  ...define(
    'regexp_extract_all',
    signature(
      ['varchar', 'varchar', 'bigint'],
      'array<varchar>',
      ([text = '', pattern = '', group = '']) =>
        onceBoth(
          text,
          pattern,
          (a, b) =>
            `CASE WHEN ${a} IS NOT NULL AND ${b} IS NOT NULL AND ${group} IS NOT NULL THEN CASE WHEN ${group} BETWEEN 1 AND 9 THEN coalesce(TRY(regexp_extract_all(${a}, ${b}, CAST(${group} AS INTEGER))), []) ELSE CAST([] AS VARCHAR[]) END END`,
        ),
    ),
  ),
  ...define(
    'regexp_replace replace_old',
    signature(['varchar', 'varchar', 'varchar'], 'varchar', "regexp_replace($1, $2, $3, 'g')"),
  ),
  ...define(
    'regexp_count',
    signature(['varchar', 'varchar'], 'bigint', 'CAST(len(regexp_extract_all($1, $2)) AS BIGINT)'),
  ),
  ...define(
    'regexp_split',
    signature(['varchar', 'varchar'], 'array<varchar>', 'regexp_split_to_array($1, $2)'),
  ),
]
