/** Percent encoding. reference: StarRocks' string_functions.cpp. */
import { nested, once, quote } from '../../emit/text.ts'
import { analyzingError } from '../../sql-error.ts'
import { checked, define, signature } from './spec.ts'
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

const urlParts: Readonly<Record<string, (url: string) => string>> = {
  AUTHORITY: (url) => `split_part(${behindProtocol(url)}, '/', 1)`,
  FILE: (url) => `split_part(${pathOf(url)}, '#', 1)`,
  HOST: (url) =>
    once(
      `regexp_replace(${behindProtocol(url)}, '^[^@]*@', '')`,
      (host) => `split_part(${host}, CASE WHEN contains(${host}, ':') THEN ':' ELSE '/' END, 1)`,
    ),
  PATH: (url) =>
    once(
      pathOf(url),
      (path) => `split_part(${path}, CASE WHEN contains(${path}, '?') THEN '?' ELSE '#' END, 1)`,
    ),
  PROTOCOL: (url) => `split_part(${url}, '://', 1)`,
  QUERY: (url) => `split_part(${behind(behindProtocol(url), '?')}, '#', 1)`,
  REF: (url) => behind(behindProtocol(url), '#'),
  USERINFO: (url) =>
    once(
      behindProtocol(url),
      (rest) => `CASE WHEN contains(${rest}, '@') THEN split_part(${rest}, '@', 1) END`,
    ),
}

/** NULL without the mark. */
const behind = (text: string, mark: string): string =>
  once(
    text,
    (value) =>
      `CASE WHEN contains(${value}, '${mark}') THEN substring(${value}, instr(${value}, '${mark}') + ${mark.length}) END`,
  )

const behindProtocol = (url: string): string => behind(url, '://')

/** From the first slash on; empty without one. */
const pathOf = (url: string): string =>
  once(
    behindProtocol(url),
    (rest) =>
      `CASE WHEN contains(${rest}, '/') THEN substring(${rest}, instr(${rest}, '/')) WHEN ${rest} IS NOT NULL THEN '' END`,
  )

const partNames = "'PROTOCOL', 'HOST', 'PATH', 'REF', 'AUTHORITY', 'FILE', 'USERINFO', and 'QUERY'"

/** A URL without `://` is none, and another part of each row NULL. */
const parseUrl = checked(
  ([, part]) => {
    const name = part?.literal?.text
    if (name !== undefined && !Object.hasOwn(urlParts, name))
      throw analyzingError(`Invalid URL part: ${name} (Valid URL parts are ${partNames})`)
  },
  signature(['varchar', 'varchar'], 'varchar', ([text = '', part = ''], [, named]) =>
    once(`trim(${text})`, (url) => {
      const one = (name: string): string =>
        `CASE WHEN contains(${url}, '://') THEN ${urlParts[name]?.(url) ?? 'NULL'} END`
      if (named?.literal !== undefined) return one(named.literal.text)
      const cases = Object.keys(urlParts).map((name) => `WHEN '${name}' THEN ${one(name)}`)
      return `CASE ${part} ${cases.join(' ')} END`
    }),
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
  ...define('parse_url', parseUrl),
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
