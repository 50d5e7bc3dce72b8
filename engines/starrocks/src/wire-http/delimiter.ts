/**
 * Separators as Stream Load's headers write them: the text itself, escapes (`\t`, `\n`), or bytes in hexadecimal (`\x01`,
 * `0x01`, `\x0d\x0a`). The answer is a byte string: one character per byte.
 * reference: StarRocks documentation, STREAM LOAD, "column_separator" and "row_delimiter"
 */
import { SqlError } from '../session.ts'

/** StarRocks: a separator has at most 50 bytes. */
const BYTES_MAX = 50

const ESCAPES: Readonly<Record<string, string>> = {
  t: '\t',
  n: '\n',
  r: '\r',
  b: '\b',
  f: '\f',
  '0': '\0',
  '\\': '\\',
  "'": "'",
  '"': '"',
}

export function readDelimiter(header: string, text: string): string {
  const bytes = /^(\\x|0x)/i.test(text) ? fromHex(header, text) : plain(text)
  if (bytes === '') throw new SqlError(`${header} cannot be empty`)
  if (bytes.length > BYTES_MAX) {
    throw new SqlError(`${header} is limited to a maximum of ${BYTES_MAX} bytes`)
  }
  return bytes
}

function fromHex(header: string, text: string): string {
  const digits = text.replaceAll(/\\x|0x/gi, '')
  if (digits === '' || digits.length % 2 !== 0 || !/^[0-9a-f]+$/i.test(digits)) {
    throw new SqlError(`Invalid ${header}: '${text.slice(0, 100)}' is not a list of bytes`)
  }
  return Buffer.from(digits, 'hex').toString('latin1')
}

function plain(text: string): string {
  const unescaped = text.replaceAll(
    /\\(.)/gs,
    (all: string, letter: string) => ESCAPES[letter] ?? all,
  )
  return Buffer.from(unescaped, 'utf8').toString('latin1')
}
