/** Functions of regular expressions, in DuckDB's RE2 as in StarRocks'. */
import { onceBoth } from '../../emit/text.ts'
import { analyzingError } from '../../sql-error.ts'
import { checked, define, signature } from './spec.ts'
import type { Check, FunctionSpec } from './spec.ts'

/** DuckDB wants the group as a constant between 0 and 9. */
const demandGroup: Check = ([, , group]) => {
  if (!/^\d$/.test(group?.literal?.text ?? ''))
    throw analyzingError('regexp_extract() needs a constant group between 0 and 9.')
}

export const regexpFunctions: readonly FunctionSpec[] = [
  ...define(
    'regexp_extract',
    checked(
      demandGroup,
      signature(
        ['varchar', 'varchar', 'bigint'],
        'varchar',
        ([text = '', pattern = ''], [, , group]) =>
          `regexp_extract(${text}, ${pattern}, ${group?.literal?.text ?? '0'})`,
      ),
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
    'regexp_replace',
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
