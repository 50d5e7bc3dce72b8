/** Percent encoding. reference: StarRocks' string_functions.cpp. */
import { nested, once, quote } from '../../emit/text.ts'
import { define, signature } from './spec.ts'
import type { FunctionSpec } from './spec.ts'

/** DuckDB leaves what is no escape as it is, and reads small letters too. */
const badEscape = '%(?:[^0-9A-F]|.?$|[0-9A-F](?:[^0-9A-F]|$))'

/** A text with a space in it is no URL. What stands behind `?` and before `#`. */
const queryOf = (url: string): string =>
  `regexp_extract(${url}, '^[^?#\\s]*\\?([^#\\s]*)(?:#\\S*)?$', 1)`

/** The first parameter of that name; without `=` it is empty. */
const parameterOf = (url: string, key: string): string =>
  nested((name) =>
    once(
      `list_extract(list_filter(string_split(${queryOf(url)}, '&'), lambda ${name}: url_decode(split_part(${name}, '=', 1)) = ${key}), 1)`,
      (found) => `url_decode(substring(${found}, strlen(split_part(${found}, '=', 1)) + 2))`,
    ),
  )

export const urlFunctions: readonly FunctionSpec[] = [
  ...define(
    'url_extract_parameter',
    signature(['varchar', 'varchar'], 'varchar', ([url = '', key = '']) =>
      once(key, (wanted) => `CASE WHEN ${wanted} <> '' THEN ${parameterOf(url, wanted)} END`),
    ),
  ),
  ...define(
    'url_extract_host',
    signature(
      ['varchar'],
      'varchar',
      ([url = '']) =>
        `nullif(regexp_extract(${url}, '^[A-Za-z][A-Za-z0-9+.-]*://(?:[^@/?#]*@)?([^:/?#]+)', 1), '')`,
    ),
  ),
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
