/**
 * Rows of text files as DuckDB reads them. Without quotes a line is cut by us, as StarRocks cuts it: any separator, values that lack are NULL
 * and those too many are not looked at. With quotes DuckDB's own reader does it.
 */
import type { Random } from '../../../../src/kernel/random.ts'
import type { Link } from '../storage/link.ts'
import { literal } from '../sql/quote.ts'
import type { SqlType } from '../sql/type.ts'
import type { CsvOptions } from './csv-option.ts'
import { fileText } from './file-type.ts'

/** StarRocks' text for NULL. */
export const NULL_TEXT = String.raw`\N`

export const fileColumn = 'emrys$file'

/** A FROM item with the text columns v0, v1, … and the address of each row's file. */
export function csvRows(list: string, count: number, it: CsvSource): string {
  const { options } = it
  const value = (sql: string) => (options.trimSpace ? `trim(${sql}, ' ')` : sql)
  if (options.enclose !== '') {
    const columns = Array.from({ length: count }, (_, index) => `'q${index}': 'VARCHAR'`)
    const values = columns.map(
      (_, index) => `${value(`nullif(q${index}, ${literal(NULL_TEXT)})`)} AS v${index}`,
    )
    return `(SELECT ${values.join(', ')}, "${fileColumn}" FROM read_csv(${list}, columns = {${columns.join(', ')}}, ${quotedOptions(it)}))`
  }
  const values = Array.from(
    { length: count },
    (_, index) => `${value(`nullif(p[${index + 1}], ${literal(NULL_TEXT)})`)} AS v${index}`,
  )
  return `(SELECT ${values.join(', ')}, "${fileColumn}" FROM (SELECT ${cut(options)} AS p, "${fileColumn}" FROM ${lines(list, it)} WHERE line <> ''))`
}

export interface CsvSource {
  readonly options: CsvOptions
  readonly random: Random
}

/** A line that ends as Windows' do has its end taken off, as StarRocks does. */
const cut = ({ columnSeparator, rowDelimiter }: CsvOptions): string =>
  `string_split(${rowDelimiter === '\n' ? `CASE WHEN line LIKE '%' || chr(13) THEN line[:-2] ELSE line END` : 'line'}, ${literal(columnSeparator)})`

/** A text that no value is. */
const neverText = (random: Random): string => literal(`\u{1F}${random.base36(8)}`)

function lines(list: string, { options, random }: CsvSource): string {
  const { rowDelimiter, skipHeader } = options
  if (rowDelimiter === '\n' || rowDelimiter === '\r\n') {
    // One column: a separator that no line holds, and a text that no line is.
    const nowhere = literal(`\u{1F}${random.base36(3)}`)
    return `read_csv(${list}, columns = {'line': 'VARCHAR'}, auto_detect = false, header = false, delim = ${nowhere}, quote = '', escape = '', strict_mode = false, nullstr = ${neverText(random)}, skip = ${skipHeader}, filename = '${fileColumn}')`
  }
  const split = `string_split(content, ${literal(rowDelimiter)})`
  return `(SELECT unnest(list_slice(${split}, ${skipHeader + 1}, len(${split}))) AS line, filename AS "${fileColumn}" FROM read_text(${list}))`
}

function quotedOptions({ options, random }: CsvSource): string {
  const { columnSeparator, enclose, escape, skipHeader } = options
  const quotes = `quote = ${literal(enclose)}, escape = ${literal(escape === '' ? enclose : escape)}`
  return `auto_detect = false, header = false, delim = ${literal(columnSeparator)}, ${quotes}, nullstr = ${neverText(random)}, skip = ${skipHeader}, null_padding = true, parallel = false, filename = '${fileColumn}'`
}

/** One more than StarRocks has in a table: the caller can tell. */
const COLUMNS_MAX = 10_001

/** Types of the columns $1, $2, … by what the first rows hold. reference: StarRocks be, csv_scanner.cpp */
export async function csvTypes(
  link: Link,
  list: string,
  it: CsvSource & { readonly rows: number },
): Promise<readonly SqlType[]> {
  const { options } = it
  const quotedSample = `(SELECT * EXCLUDE ("${fileColumn}") FROM read_csv(${list}, all_varchar = true, ${quotedOptions(it).replace('auto_detect = false', 'auto_detect = true')}))`
  const sample =
    options.enclose === ''
      ? `SELECT ${cut(options)} FROM ${lines(list, it)} WHERE line <> '' LIMIT ${it.rows}`
      : `SELECT list_value(*COLUMNS(*)) FROM ${quotedSample} LIMIT ${it.rows}`
  const found: SqlType[] = []
  for (const [row] of await link.rows(sample)) {
    const values = (row as { items: readonly (string | null)[] }).items.slice(0, COLUMNS_MAX)
    values.forEach((value, index) => {
      const trimmed = options.trimSpace ? value?.trim() : value
      const type = typeOfText(trimmed ?? NULL_TEXT)
      const before = found[index]
      found[index] = before === undefined ? type : promoted(before, type)
    })
  }
  return found
}

const INT = /^[+-]?\d{1,19}$/
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i

function typeOfText(text: string): SqlType {
  const value = text.trim()
  if (INT.test(value) && BigInt.asIntN(64, BigInt(value)) === BigInt(value))
    return { kind: 'bigint' }
  if (NUMBER.test(value)) return { kind: 'double' }
  return /^(true|false)$/i.test(value) ? { kind: 'boolean' } : fileText
}

function promoted(one: SqlType, other: SqlType): SqlType {
  if (one.kind === other.kind) return one
  const numbers = [one.kind, other.kind].every((kind) => kind === 'bigint' || kind === 'double')
  return numbers ? { kind: 'double' } : fileText
}
