/** How a CSV body is written. Separators are byte strings (one character per byte). */
export interface CsvFormat {
  readonly kind: 'csv'
  readonly columnSeparator: string
  readonly rowDelimiter: string
  readonly skipHeader: number
  readonly trimSpace: boolean
  readonly enclose: string | undefined
  readonly escape: string | undefined
}

/** Both ways, as StarRocks' data holds it: a value of exactly these two characters is NULL. */
export const nullText = '\\N'

/** Plain text needs no look at single values: where rows and values end is a matter of the separators alone. */
export function isPlain(format: CsvFormat): boolean {
  return format.enclose === undefined && format.escape === undefined && !format.trimSpace
}

/** A byte string as text; undefined when it is not UTF-8. */
export function textOfBytes(bytes: string): string | undefined {
  if (!BEYOND_ASCII.test(bytes)) return bytes
  const buffer = Buffer.from(bytes, 'latin1')
  const text = buffer.toString('utf8')
  return text.includes('\uFFFD') && !buffer.equals(Buffer.from(text, 'utf8')) ? undefined : text
}

const BEYOND_ASCII = /[\u0080-\u00ff]/
