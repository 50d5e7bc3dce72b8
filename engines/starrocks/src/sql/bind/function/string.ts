/**
 * String functions. Positions count characters from 1, lengths bytes where StarRocks does (`length`), characters where it
 * does not. Facts: StarRocks' SQL reference, "String functions"; gensrc/script/functions.py for the signatures.
 */
import { likeText } from '../../emit/like.ts'
import { once, quote, tried } from '../../emit/text.ts'
import { analyzingError } from '../../sql-error.ts'
import { maxVarcharLength } from '../../type.ts'
import { binaryFunctions } from './binary.ts'
import { concatenated, concatenatedWith, joinTexts, limited } from './join.ts'
import { moneyFunctions } from './money.ts'
import { occurrence } from './occurrence.ts'
import { ngramFunctions } from './ngram.ts'
import { regexpFunctions } from './regexp.ts'
import { checked, define, noted, signature, variadic } from './spec.ts'
import type { Check, FunctionSpec, Signature } from './spec.ts'

const lowerLetters = 'abcdefghijklmnopqrstuvwxyz'
const upperLetters = lowerLetters.toUpperCase()

/** DuckDB computes equal texts once, but it parses each: beyond this length a value is named instead. */
const repeatedLength = 400

/** Changes ASCII letters only. DuckDB's own function changes all, thirty times as fast: it serves texts without any others. */
const letterCase =
  (name: 'upper' | 'lower'): Exclude<Signature['sql'], string> =>
  ([text = '']) => {
    const letters = name === 'upper' ? [lowerLetters, upperLetters] : [upperLetters, lowerLetters]
    const changed = letters.map((each) => `'${each}'`).join(', ')
    const body = (value: string) =>
      `CASE WHEN strlen(${value}) = length(${value}) THEN ${name}(${value}) ELSE translate(${value}, ${changed}) END`
    return text.length <= repeatedLength ? body(text) : once(text, body)
  }

/** A negative start counts from the end; 0 and a start before the text give the empty string. */
const largestInt = 2_147_483_647n

/** A literal beyond INT is refused, as StarRocks refuses it; any other value beyond it is NULL. */
const demandInt: Check = ([, ...counts]) => {
  for (const { literal } of counts) {
    const text = literal?.kind === 'number' ? literal.text : '0'
    const number = /^-?\d+$/.test(text) ? BigInt(text) : 0n
    if (number > largestInt || number < -largestInt - 1n)
      throw analyzingError(`Cast argument ${text} to int type failed.`)
  }
}

const substring: Exclude<Signature['sql'], string> = ([text = '', start = '', length]) => {
  const tail = length === undefined ? '' : `, ${notBelowZero(length)}`
  const from = /^(?:TRY_)?CAST\((\d+) AS INTEGER\)$/.exec(start)?.[1]
  if (from !== undefined && Number(from) > 0) return `substring(${text}, ${from}${tail})`
  return once(text, (value) =>
    once(
      start,
      (at) =>
        `CASE WHEN ${at} IS NULL THEN NULL WHEN ${at} = 0 OR ${at} < -length(${value}) THEN CASE WHEN ${value} IS NOT NULL${length === undefined ? '' : ` AND ${length} IS NOT NULL`} THEN '' END ELSE substring(${value}, CAST(${at} AS BIGINT)${tail}) END`,
    ),
  )
}

/** greatest() would make 0 of NULL. */
const notBelowZero = (count: string): string =>
  once(count, (n) => `CASE WHEN ${n} < 0 THEN 0 ELSE CAST(${n} AS BIGINT) END`)

const instr = (text: string, part: string): string => `CAST(instr(${text}, ${part}) AS INTEGER)`

const locateFrom = (part: string, text: string, start: string): string =>
  once(text, (value) =>
    once(part, (needle) =>
      once(
        start,
        (from) =>
          `CAST(CASE WHEN ${from} < 1 OR ${from} > length(${value}) + 1 THEN CASE WHEN ${value} IS NOT NULL AND ${needle} IS NOT NULL AND ${from} IS NOT NULL THEN 0 END WHEN instr(substring(${value}, ${from}), ${needle}) = 0 THEN 0 ELSE instr(substring(${value}, ${from}), ${needle}) + ${from} - 1 END AS INTEGER)`,
      ),
    ),
  )

/** The pieces before the n-th delimiter, or after it from the end when n is negative; n = 0 is NULL. */
/** From the end, delimiters are looked for from the end. A text without any has no parts. */
const splitPart = (text: string, delimiter: string, part: string): string =>
  once(text, (value) =>
    once(delimiter, (by) =>
      once(
        part,
        (n) =>
          `CASE WHEN ${by} = '' THEN CASE WHEN ${n} <> 0 THEN list_extract(string_split(${value}, ''), greatest(${n}, 1)) END WHEN NOT contains(${value}, ${by}) THEN NULL WHEN ${n} > 0 THEN list_extract(string_split(${value}, ${by}), ${n}) WHEN ${n} < 0 THEN reverse(list_extract(string_split(reverse(${value}), reverse(${by})), -${n})) END`,
      ),
    ),
  )

const substringIndex = (text: string, delimiter: string, count: string): string =>
  once(delimiter, (by) =>
    once(count, (n) =>
      once(`string_split(${text}, ${by})`, (parts) => {
        const first = joinTexts(`list_slice(${parts}, 1, ${n})`, by)
        const last = joinTexts(
          `list_slice(${parts}, greatest(len(${parts}) + ${n} + 1, 1), len(${parts}))`,
          by,
        )
        return `CASE WHEN ${n} = 0 OR ${n} IS NULL THEN NULL WHEN ${n} > 0 THEN ${first} ELSE ${last} END`
      }),
    ),
  )

const pad =
  (side: 'lpad' | 'rpad') =>
  (args: readonly string[]): string => {
    const [text = '', length = '', fill = ''] = args
    return once(text, (value) =>
      once(length, (size) =>
        once(
          fill,
          (by) =>
            `CASE WHEN ${size} < 0 OR ${size} > 1048576 THEN NULL WHEN ${by} = '' THEN left(${value}, ${size}) ELSE ${side}(${value}, ${size}, ${by}) END`,
        ),
      ),
    )
  }

/** StarRocks' strings end at one megabyte; beyond it the answer is NULL. */
const repeated = (text: string, count: string): string =>
  once(text, (value) =>
    once(
      count,
      (n) =>
        `CASE WHEN ${n} IS NOT NULL AND CAST(strlen(${value}) AS BIGINT) * greatest(${n}, 0) <= ${maxVarcharLength} THEN repeat(${value}, greatest(${n}, 0)) END`,
    ),
  )

const firstByte = (text: string): string =>
  once(
    text,
    (value) =>
      `CASE WHEN ${value} = '' THEN 0 ELSE CAST('0x' || substring(hex(${value}), 1, 2) AS INTEGER) END`,
  )

const utf8OrNull = (blob: string): string => tried(blob, (value) => `decode(${value})`)

const findInSet = (part: string, list: string): string =>
  once(
    part,
    (value) =>
      `CASE WHEN contains(${value}, ',') THEN 0 ELSE CAST(coalesce(list_position(string_split(${list}, ','), ${value}), CASE WHEN ${value} IS NOT NULL AND ${list} IS NOT NULL THEN 0 END) AS INTEGER) END`,
  )

const hexText = '^(?:[0-9a-fA-F]{2})+$'

const search: readonly FunctionSpec[] = [
  ...define(
    'instr',
    signature(['varchar', 'varchar'], 'int', ([a = '', b = '']) => instr(a, b)),
  ),
  ...define(
    'strpos',
    signature(['varchar', 'varchar'], 'int', ([a = '', b = '']) => instr(a, b)),
    signature(['varchar', 'varchar', 'int'], 'int', ([a = '', b = '', n = '']) =>
      occurrence(a, b, n),
    ),
  ),
  ...define(
    'locate',
    signature(['varchar', 'varchar'], 'int', ([part = '', text = '']) => instr(text, part)),
    signature(['varchar', 'varchar', 'int'], 'int', ([part = '', text = '', from = '']) =>
      locateFrom(part, text, from),
    ),
  ),
  ...define(
    'find_in_set',
    signature(['varchar', 'varchar'], 'int', ([part = '', list = '']) => findInSet(part, list)),
  ),
  ...define('starts_with', signature(['varchar', 'varchar'], 'boolean', 'starts_with($1, $2)')),
  ...define('ends_with', signature(['varchar', 'varchar'], 'boolean', 'ends_with($1, $2)')),
  ...define(
    'like',
    signature(['varchar', 'varchar'], 'boolean', ([text = '', pattern = '']) =>
      likeText(text, pattern, '\\', undefined),
    ),
  ),
  ...define('regexp rlike', signature(['varchar', 'varchar'], 'boolean', 'regexp_matches($1, $2)')),
]

const change: readonly FunctionSpec[] = [
  ...define('upper ucase', signature(['varchar'], 'varchar', letterCase('upper'))),
  ...define('lower lcase', signature(['varchar'], 'varchar', letterCase('lower'))),
  ...define('upper_utf8', signature(['varchar'], 'varchar', 'upper($1)')),
  ...define('lower_utf8', signature(['varchar'], 'varchar', 'lower($1)')),
  ...define(
    'reverse',
    signature(['varchar'], 'varchar', 'reverse($1)'),
    signature(['array'], ([type]) => type ?? { kind: 'null' }, 'list_reverse($1)'),
  ),
  ...['trim', 'ltrim', 'rtrim'].flatMap((name) =>
    define(
      name,
      signature(['varchar'], 'varchar', `${name}($1)`),
      signature(['varchar', 'varchar'], 'varchar', `${name}($1, $2)`),
    ),
  ),
  ...define(
    'replace',
    signature(['varchar', 'varchar', 'varchar'], 'varchar', 'replace($1, $2, $3)'),
  ),
  ...define(
    'translate',
    signature(['varchar', 'varchar', 'varchar'], 'varchar', ([text = '', from = '', to = '']) =>
      limited(`translate(${text}, ${from}, ${to})`),
    ),
  ),
  ...define(
    'repeat',
    signature(['varchar', 'int'], 'varchar', ([text = '', count = '']) => repeated(text, count)),
  ),
  ...define(
    'space',
    signature(['int'], 'varchar', ([count = '']) => repeated("' '", count)),
  ),
  ...define(
    'lpad',
    signature(['varchar', 'int', 'varchar'], 'varchar', pad('lpad')),
    signature(['varchar', 'int'], 'varchar', ([a = '', b = '']) => pad('lpad')([a, b, "' '"])),
  ),
  ...define(
    'rpad',
    signature(['varchar', 'int', 'varchar'], 'varchar', pad('rpad')),
    signature(['varchar', 'int'], 'varchar', ([a = '', b = '']) => pad('rpad')([a, b, "' '"])),
  ),
  ...define(
    'append_trailing_char_if_absent',
    signature(['varchar', 'varchar'], 'varchar', ([a = '', b = '']) =>
      once(a, (text) =>
        once(
          b,
          (end) =>
            `CASE WHEN length(${end}) <> 1 THEN NULL WHEN ends_with(${text}, ${end}) THEN ${text} ELSE ${text} || ${end} END`,
        ),
      ),
    ),
  ),
]

const pieces: readonly FunctionSpec[] = [
  ...define(
    'substr substring mid',
    checked(demandInt, signature(['varchar', 'int'], 'varchar', substring)),
    checked(demandInt, signature(['varchar', 'int', 'int'], 'varchar', substring)),
  ),
  ...define(
    'left strleft',
    signature(
      ['varchar', 'int'],
      'varchar',
      ([text = '', count = '']) => `left(${text}, ${notBelowZero(count)})`,
    ),
  ),
  ...define(
    'right strright',
    signature(
      ['varchar', 'int'],
      'varchar',
      ([text = '', count = '']) => `right(${text}, ${notBelowZero(count)})`,
    ),
  ),
  ...define('concat', variadic(['varchar'], 1, 'varchar', concatenated)),
  ...define(
    'concat_ws',
    signature(['varchar', 'array<varchar>'], 'varchar', ([by = '', list = '']) =>
      once(by, (separator) =>
        once(`list_filter(${list}, lambda piece: piece IS NOT NULL)`, (texts) =>
          limited(joinTexts(texts, separator)),
        ),
      ),
    ),
    variadic(['varchar', 'varchar'], 1, 'varchar', concatenatedWith),
  ),
  ...define('split', signature(['varchar', 'varchar'], 'array<varchar>', 'string_split($1, $2)')),
  ...define(
    'split_part',
    signature(['varchar', 'varchar', 'int'], 'varchar', ([text = '', delimiter = '', part = '']) =>
      splitPart(text, delimiter, part),
    ),
  ),
  ...define(
    'substring_index',
    signature(['varchar', 'varchar', 'int'], 'varchar', ([a = '', b = '', c = '']) =>
      substringIndex(a, b, c),
    ),
  ),
]

/** Above 127 StarRocks makes single bytes, which are no text in DuckDB. */
const demandCharacter: Check = ([value]) => {
  if (value?.literal !== undefined && !/^(?:\d{1,2}|1[01]\d|12[0-7])$/.test(value.literal.text))
    throw analyzingError('char() is supported between 0 and 127 only.')
}

const character = (code: string): string =>
  once(
    code,
    (n) =>
      `CASE WHEN ${n} BETWEEN 0 AND 127 THEN chr(${n}) WHEN ${n} IS NOT NULL THEN error('char() is supported between 0 and 127 only') END`,
  )

const measure: readonly FunctionSpec[] = [
  ...define('length', signature(['varchar'], 'int', 'CAST(strlen($1) AS INTEGER)')),
  ...define(
    'char_length character_length',
    signature(['varchar'], 'int', 'CAST(length($1) AS INTEGER)'),
  ),
  ...define(
    'ascii',
    signature(['varchar'], 'int', ([text = '']) => firstByte(text)),
  ),
  ...define(
    'char',
    checked(
      demandCharacter,
      signature(['int'], 'varchar', ([code = '']) => character(code)),
    ),
  ),
  ...define(
    'strcmp',
    signature(['varchar', 'varchar'], 'int', ([a = '', b = '']) =>
      once(a, (x) =>
        once(
          b,
          (y) =>
            `CASE WHEN ${x} = ${y} THEN 0 WHEN ${x} < ${y} THEN -1 WHEN ${x} > ${y} THEN 1 END`,
        ),
      ),
    ),
  ),
  ...define('null_or_empty', signature(['varchar'], 'boolean', "(coalesce($1, '') = '')")),
]

const encoding: readonly FunctionSpec[] = [
  ...binaryFunctions,
  ...define(
    'hex',
    signature(['bigint'], 'varchar', 'hex($1)'),
    signature(['varchar'], 'varchar', 'hex($1)'),
    signature(['varbinary'], 'varchar', 'hex($1)'),
  ),
  ...define(
    'unhex hex_decode_string',
    signature(['varchar'], 'varchar', ([text = '']) =>
      once(
        text,
        (value) =>
          `CASE WHEN regexp_matches(${value}, ${quote(hexText)}) THEN ${utf8OrNull(`unhex(${value})`)} WHEN ${value} IS NOT NULL THEN '' END`,
      ),
    ),
  ),
  ...define(
    'to_base64 base64_encode',
    signature(['varchar'], 'varchar', 'base64(encode($1))'),
    // What gives any bytes is a VARCHAR in StarRocks, and a VARBINARY here.
    signature(['varbinary'], 'varchar', 'base64($1)'),
  ),
  ...define(
    'from_base64 base64_decode_string',
    signature(['varchar'], 'varchar', ([text = '']) =>
      tried(text, (value) => `decode(from_base64(${value}))`),
    ),
  ),
  ...noted(define('uuid', signature([], 'varchar', 'CAST(uuid() AS VARCHAR)')), 'version 4'),
  ...noted(
    define(
      'uuid_numeric',
      signature([], 'largeint', 'CAST(md5_number(CAST(uuid() AS VARCHAR)) // 2 AS HUGEINT)'),
    ),
    'a random number',
  ),
]

export const stringFunctions: readonly FunctionSpec[] = [
  ...search,
  ...change,
  ...pieces,
  ...measure,
  ...encoding,
  ...moneyFunctions,
  ...ngramFunctions,
  ...regexpFunctions,
]
