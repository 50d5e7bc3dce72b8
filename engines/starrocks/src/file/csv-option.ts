/** How text files are cut into rows and values. reference: StarRocks 3.3, FILES(), "csv.*"; Delimiter.java */
import { SqlError } from '../session.ts'
import { objectError } from '../storage/object-path.ts'
import { unsupportedByEngine } from '../sql/sql-error.ts'
import { flag, wholeNumber } from './object-property.ts'

export interface CsvOptions {
  readonly columnSeparator: string
  readonly rowDelimiter: string
  /** Empty: none. */
  readonly enclose: string
  readonly escape: string
  readonly skipHeader: number
  readonly trimSpace: boolean
}

export const CSV_PROPERTIES: readonly string[] = [
  'csv.column_separator',
  'csv.row_delimiter',
  'csv.enclose',
  'csv.escape',
  'csv.skip_header',
  'csv.trim_space',
]

/** StarRocks: CsvFormat.MAX_COLUMN_SEPARATOR_LENGTH. */
const DELIMITER_BYTES = 50
/** DuckDB's reader of quoted values takes separators so long. */
const QUOTED_SEPARATOR_BYTES = 4
const SKIP_MAX = 1_000_000

export function csvOptions(values: ReadonlyMap<string, string>): CsvOptions {
  const options: CsvOptions = {
    columnSeparator: delimiter(values, 'csv.column_separator', '\t'),
    rowDelimiter: delimiter(values, 'csv.row_delimiter', '\n'),
    enclose: character(values, 'csv.enclose'),
    escape: character(values, 'csv.escape'),
    skipHeader: wholeNumber(values, 'csv.skip_header', 0),
    trimSpace: flag(values, 'csv.trim_space'),
  }
  if (options.skipHeader > SKIP_MAX)
    throw objectError(`csv.skip_header is more than ${SKIP_MAX} rows`)
  if (options.enclose !== '') {
    if (Buffer.byteLength(options.columnSeparator) > QUOTED_SEPARATOR_BYTES)
      throw unsupportedByEngine('csv.enclose with a column separator of more than four bytes')
    if (!['\n', '\r\n'].includes(options.rowDelimiter))
      throw unsupportedByEngine('csv.enclose with a row delimiter other than a line break')
  } else if (options.escape !== '') throw unsupportedByEngine('csv.escape without csv.enclose')
  return options
}

export function delimiter(
  values: ReadonlyMap<string, string>,
  name: string,
  initial: string,
): string {
  const given = values.get(name)
  if (given === undefined) return initial
  const text = readSeparator(given)
  const bytes = Buffer.byteLength(text)
  if (bytes === 0 || bytes > DELIMITER_BYTES)
    throw new SqlError(`The valid bytes length for '${name}' is [1, ${DELIMITER_BYTES}]`, 5605)
  return text
}

/** The text itself, with escapes (`\t`, `\n`), or bytes in hexadecimal (`\x01`). */
function readSeparator(text: string): string {
  if (/^(\\x|0x)/i.test(text)) {
    const digits = text.replaceAll(/\\x|0x/gi, '')
    if (!/^([0-9a-f]{2})+$/i.test(digits))
      throw objectError(`'${text.slice(0, 100)}' is not a list of bytes`)
    return Buffer.from(digits, 'hex').toString('utf8')
  }
  return text.replaceAll(
    /\\([tnr\\])/g,
    (_, letter: string) => ({ t: '\t', n: '\n', r: '\r' })[letter] ?? '\\',
  )
}

function character(values: ReadonlyMap<string, string>, name: string): string {
  const text = values.get(name)
  if (text === undefined) return ''
  if (text === '') throw objectError(`empty property ${name}`)
  if (!/^[\x20-\x7E]$/.test(text)) throw objectError(`${name} is not one character`)
  return text
}
