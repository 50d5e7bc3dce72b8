/**
 * DuckDB's errors in StarRocks' shape. DuckDB's text is kept where it speaks about values and types; what would show
 * translated SQL (the `LINE 1:` excerpt) or the host (paths) is cut.
 */
import { SqlError } from '../session.ts'

/** MySQL's ER_QUERY_INTERRUPTED; StarRocks answers a cancelled query with it. */
export const interruptedErrno = 1317

export const interruptedError = (): SqlError =>
  new SqlError('Query execution was interrupted', interruptedErrno, '70100')

/** reference: StarRocks documentation, `query_timeout`; ERR_QUERY_TIMEOUT is 5024. */
export const timeoutError = (seconds: number): SqlError =>
  new SqlError(
    `Query reached its timeout of ${seconds} seconds, please increase the 'query_timeout' session variable and retry`,
    5024,
    'HY000',
  )

/** reference: StarRocks, be/src/runtime/mem_tracker.cpp. */
export const memoryError = (usedBytes: number, limitBytes: number): SqlError =>
  new SqlError(
    `Memory of process exceed limit. Used: ${usedBytes}, Limit: ${limitBytes}. Backend: local`,
    1064,
    'HY000',
  )

export const storageFullError = (usedBytes: number, quotaBytes: number): SqlError =>
  new SqlError(
    `Disk usage exceeds limit: the instance's storage is full (${usedBytes} of ${quotaBytes} bytes used)`,
    1064,
    'HY000',
  )

/** Names what the client knows in place of the engine's internal names; set per statement by who has the catalog. */
export type NameMap = (text: string) => string

export function sqlErrorOf(error: unknown, names: NameMap = (text) => text): SqlError {
  if (error instanceof SqlError) return error
  const text = error instanceof Error ? error.message : String(error)
  const [, kind, detail = text] = /^([A-Za-z ]+?) Error: ([\s\S]*)$/.exec(text) ?? []
  // Not DuckDB's: a defect of the engine. It goes to the log, not to the client.
  if (kind === undefined) return new SqlError('Unknown error', 1105, 'HY000')
  if (kind === 'Invalid Input' && avroText.test(detail))
    return objectRefusal('a file of Avro is malformed')
  const message = names(shorten(detail))
  if (isStorage(kind, detail)) return storageAccessError(message)
  if (hostKinds.has(kind) && fullDisk.test(detail)) return fullDiskError()
  switch (kind) {
    case 'INTERRUPT':
      return interruptedError()
    case 'Out of Memory':
      return new SqlError(
        `Memory of process exceed limit. ${firstSentence(message)} Backend: local`,
        1064,
        'HY000',
      )
    case 'IO':
    case 'FATAL':
      return ioError(message)
    case 'INTERNAL':
      return new SqlError('Internal error: the database cannot run the statement', 1105, 'HY000')
    // Of whoever reads a file's own encoding, about bytes that are none.
    case 'Invalid':
      return objectRefusal(`a file is malformed: ${message.replaceAll('s3://', '')}`)
    case 'Constraint':
    case 'Conversion':
    case 'Out of Range':
    case 'Invalid Input':
    case 'Mismatch Type':
      return new SqlError(message, 1064, '42000')
    case 'TransactionContext':
      // A commit that could not be written is no conflict, and its text names files of the host.
      if (/failed to commit/i.test(message) && !/conflict|constraint/i.test(message)) {
        return ioError(message)
      }
      return new SqlError(`transaction conflict: ${message}`, 1064, '42000')
    case 'Permission':
      return new SqlError('Access denied; this is not reachable from SQL', 1227, '42000')
    case 'Catalog':
    case 'Binder':
    case 'Parser':
    case 'Not implemented':
      return new SqlError(`Getting analyzing error. Detail message: ${message}.`, 1064, '42000')
    default:
      return new SqlError(message || 'Unknown error', 1064, 'HY000')
  }
}

/** After such an error DuckDB refuses everything until the file is opened again. */
export function isFatal(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('FATAL Error')
}

/** The first line of a defect of DuckDB's own. It fails one statement; where it does more, the next one fails with a fatal error. */
export function defectOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !error.message.startsWith('INTERNAL Error')) return undefined
  return error.message.split(/\n|Stack Trace/)[0]?.trim()
}

export function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('Out of Memory Error')
}

/** Kinds whose texts are the host's, never what a client wrote. */
const hostKinds: ReadonlySet<string> = new Set([
  'IO',
  'FATAL',
  'INTERNAL',
  'TransactionContext',
  'Out of Memory',
])

/**
 * Only the module httpfs says `HTTP`. Its other texts name the object, the request, the upload or what was wrong with the answer.
 * reference: httpfs 1.5.5, httpfs.cpp and s3fs.cpp
 */
function isStorage(kind: string, detail: string): boolean {
  if (kind === 'HTTP') return true
  if (kind === 'Invalid Input') return /s3:\/\/|HTTP (GET|HEAD|PUT|POST|code)/.test(detail)
  return kind === 'IO' && storageText.test(detail)
}

const storageText =
  /\w:\/\/|HTTP (GET|HEAD|PUT|POST|DELETE|code|file)|\bS3 (multipart|result|response)\b|uploading part to S3|s3 listobject|AWSListObject|remove files: HTTP|^(ETag on reading|Content-Length from server)/

/**
 * What an object storage answered, without its address: `(HTTP 403 Forbidden)` becomes StarRocks' `Status Code: 403`.
 * reference: StarRocks suite, test_files/test_error
 */
function storageAccessError(message: string): SqlError {
  const [, status] = /(?:HTTP (?:code )?|finalization: )(\d{3})/.exec(message) ?? []
  if (status === '404') return objectRefusal('No files were found (Status Code: 404)')
  if (status !== undefined)
    return objectRefusal(`the object storage refuses (Status Code: ${status})`)
  const isUnreached = /could not (connect|establish|resolve)|HTTP (GET|HEAD|PUT|POST)/i.test(
    message,
  )
  if (isUnreached) return objectRefusal('the object storage cannot be reached')
  if (/^ETag on reading|^Content-Length from server/.test(message))
    return objectRefusal('a file was changed while it was read')
  // They were there when the statement was bound.
  if (message.startsWith('No files found that match')) return objectRefusal('No files were found')
  const [said = ''] = message.split(' Possible ')
  return objectRefusal(said.replaceAll('s3://', '').replaceAll(/https?:\/\/[^\s"']+/g, '…'))
}

/** Of the module's library, which puts before such a text those of files that others read: none of it is shown. */
const avroText =
  /memory buffer|file header|Avro container|^Cannot (read|parse|skip|allocate|decode|decompress)/i

const objectRefusal = (message: string): SqlError =>
  new SqlError(`Access storage error. Error message: ${message}`)

const fullDisk =
  /no space left|disk full|disk quota exceeded|file too large|max_temp_directory_size/i

const fullDiskError = (): SqlError =>
  new SqlError("Disk usage exceeds limit: the instance's storage is full", 1064, 'HY000')

function ioError(message: string): SqlError {
  if (/conflicting lock/i.test(message)) {
    return new SqlError('The data directory is in use by another process', 1105, 'HY000')
  }
  return new SqlError('Storage error: the data could not be read or written', 1105, 'HY000')
}

function shorten(detail: string): string {
  return detail
    .replace(/\n+LINE \d+:[\s\S]*$/, '')
    .replace(/\n+Did you mean[\s\S]*$/, '')
    .replace(/\n+Candidate[\s\S]*$/, '')
    .replaceAll(/\s+/g, ' ')
    .trim()
}

function firstSentence(text: string): string {
  return /^[^.!]*[.!]?/.exec(text)?.[0] ?? text
}
