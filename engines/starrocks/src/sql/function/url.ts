/** Percent encoding. reference: StarRocks' string_functions.cpp. */
import { once, quote } from '../translate/typed.ts'
import { define, signature } from './spec.ts'
import type { FunctionSpec } from './spec.ts'

/** DuckDB leaves what is no escape as it is, and reads small letters too. */
const badEscape = '%(?:[^0-9A-F]|.?$|[0-9A-F](?:[^0-9A-F]|$))'

export const urlFunctions: readonly FunctionSpec[] = [
  ...define('url_encode', signature(['varchar'], 'varchar', 'url_encode($1)')),
  ...define(
    'url_decode',
    signature(['varchar'], 'varchar', ([text = '']) =>
      once(
        text,
        (value) =>
          `CASE WHEN regexp_matches(${value}, ${quote(badEscape)}) THEN error('decode string contains illegal hex chars') ELSE url_decode(${value}) END`,
      ),
    ),
  ),
]
