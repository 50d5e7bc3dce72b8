/**
 * The headers of a load, read and judged before a byte of its body is. Each documented header is honoured or, where this
 * engine cannot, refused by name; headers that Stream Load does not know are HTTP's own business. Loaders written for later
 * versions send such ones (`prepared_timeout`, `enable_merge_commit`), and StarRocks 3.3 reads over them.
 * reference: StarRocks documentation, STREAM LOAD; be/src/http/action/stream_load.cpp for defaults and wording
 */
import type { IncomingMessage } from 'node:http'
import type { LoadRequest, TextFormat } from '../load-sink.ts'
import { SqlError } from '../session.ts'
import type { Compression } from './body.ts'
import { isPlain, nullText } from './csv-format.ts'
import type { CsvFormat } from './csv-format.ts'
import { readDelimiter } from './delimiter.ts'
import { readJsonPath, readJsonPaths } from './json-path.ts'
import type { JsonPath } from './json-path.ts'

export interface JsonFormat {
  readonly kind: 'json'
  readonly paths: readonly JsonPath[] | undefined
  readonly root: readonly string[]
  readonly stripOuterArray: boolean
  readonly ignoreSize: boolean
}

export interface LoadOptions {
  readonly label: string | undefined
  /** Its `text` are the body's own separators; without it, the body's values are read one by one. */
  readonly request: Omit<LoadRequest, 'user' | 'database' | 'table' | 'label'>
  readonly format: CsvFormat | JsonFormat
  readonly compression: Compression
}

/** Documented headers that this engine cannot honour, and the values of them that ask for nothing. */
const REFUSED: Readonly<Record<string, readonly string[]>> = {
  temporary_partitions: [],
  envelope: [],
  negative: ['false'],
  log_rejected_record_num: ['0'],
  load_mem_limit: [],
  exec_mem_limit: [],
  load_dop: [],
  transmission_compression_type: [],
  warehouse: ['default_warehouse'],
  channel_id: [],
  channel_num: [],
  transaction_type: [],
  two_phase_commit: ['false'],
}

const READ = [
  'label',
  'format',
  'column_separator',
  'row_delimiter',
  'columns',
  'where',
  'partitions',
  'jsonpaths',
  'strip_outer_array',
  'json_root',
  'ignore_json_size',
  'max_filter_ratio',
  'timeout',
  'strict_mode',
  'timezone',
  'partial_update',
  'partial_update_mode',
  'merge_condition',
  'skip_header',
  'trim_space',
  'enclose',
  'escape',
  'compression',
  'content-encoding',
] as const

/** One header's text; undefined when it is missing or empty. */
export type HeaderOf = (name: string) => string | undefined

/** Header bytes are UTF-8 to StarRocks; Node hands them over one character per byte. */
export function loadHeaders(request: IncomingMessage): HeaderOf {
  return (name) => {
    const [value, second] = request.headersDistinct[name] ?? []
    if (second !== undefined) throw new SqlError(`The header ${name} is given twice`)
    if (value === undefined || value === '') return undefined
    return Buffer.from(value, 'latin1').toString('utf8')
  }
}

/** `otherwise`: the timeout, in seconds, of a load that names none. */
export function readLoadOptions(header: HeaderOf, otherwise: number): LoadOptions {
  refuseUnsupportedHeaders(header)
  const { kind, compression } = formatOf(header)
  const format = kind === 'json' ? jsonFormat(header) : csvFormat(header)
  const text = format.kind === 'csv' ? textFormat(format) : undefined
  return {
    label: header('label'),
    compression,
    format,
    request: {
      columns: header('columns'),
      where: header('where'),
      partitions: (header('partitions') ?? '')
        .split(',')
        .map((name) => name.trim().replace(/^`(.*)`$/, '$1'))
        .filter((name) => name !== ''),
      maxFilterRatio: number(header, 'max_filter_ratio', 0),
      strict: flag(header, 'strict_mode', 'Invalid strict mode format. Must be bool type'),
      partialUpdate: partialUpdate(header),
      mergeCondition: header('merge_condition'),
      timeZone: header('timezone'),
      timeoutSeconds: readSeconds(header, 'timeout') ?? otherwise,
      ...(text && { text }),
      ...(format.kind === 'json' && { json: true }),
      ...(format.kind === 'json' && !format.paths && { operationInRow: true }),
    },
  }
}

/** What two loads of one transaction must agree in. */
export function optionKey(header: HeaderOf): string {
  return JSON.stringify(READ.map((name) => header(name)))
}

/** Also for requests that carry no rows. */
export function refuseUnsupportedHeaders(header: HeaderOf): void {
  for (const [name, harmless] of Object.entries(REFUSED)) {
    const value = header(name)
    if (value === undefined || harmless.includes(value.toLowerCase())) continue
    throw new SqlError(
      `The header ${name} is not supported by this engine (${value.slice(0, 100)})`,
    )
  }
}

function flag(header: HeaderOf, name: string, problem: string): boolean {
  const value = header(name)?.toLowerCase()
  if (value !== undefined && value !== 'true' && value !== 'false') throw new SqlError(problem)
  return value === 'true'
}

const boolean = (header: HeaderOf, name: string): boolean =>
  flag(header, name, `Invalid ${name} format. Must be bool type`)

function number(header: HeaderOf, name: string, otherwise: number): number {
  const text = header(name)
  if (text === undefined) return otherwise
  if (!/^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(text.trim())) {
    throw new SqlError(`Invalid ${name}: '${text.slice(0, 100)}' is not a number`)
  }
  return Number(text)
}

export function readSeconds(header: HeaderOf, name: string): number | undefined {
  const text = header(name)
  if (text !== undefined && !/^\d{1,9}$/.test(text)) throw new SqlError(`Invalid ${name} format`)
  return text === undefined ? undefined : Number(text)
}

/** How the update is written is StarRocks' own business; every mode leads to the same rows. */
function partialUpdate(header: HeaderOf): boolean {
  const mode = header('partial_update_mode')
  if (mode !== undefined && !['row', 'column', 'auto'].includes(mode)) {
    throw new SqlError(`Invalid partial_update_mode: '${mode.slice(0, 100)}'`)
  }
  return flag(header, 'partial_update', 'Invalid partial update flag format. Must be bool type')
}

const COMPRESSIONS: Readonly<Record<string, Compression>> = {
  identity: 'none',
  no_compression: 'none',
  plain: 'none',
  gzip: 'gzip',
  deflate: 'deflate',
  zstd: 'zstd',
}

function compressionNamed(name: string): Compression {
  const found = COMPRESSIONS[name.toLowerCase()]
  if (found) return found
  throw new SqlError(
    `compression ${name.slice(0, 100)} is not supported by this engine; it reads gzip, deflate and zstd`,
  )
}

/** `format` names the format or, as an old form, the compression of a CSV body. */
function formatOf(header: HeaderOf): { kind: 'csv' | 'json'; compression: Compression } {
  const name = (header('format') ?? 'csv').toLowerCase()
  const [encoding, compression] = [header('content-encoding'), header('compression')]
  if (encoding !== undefined && compression !== undefined) {
    throw new SqlError('Only one of http header content-encoding and compression can be set')
  }
  const encoded = compressionNamed(encoding ?? compression ?? 'identity')
  if (name === 'csv' || name === 'json') return { kind: name, compression: encoded }
  if (!['gzip', 'bzip2', 'lz4', 'deflate', 'zstd'].includes(name)) {
    throw new SqlError(`unknown data format, format=${name.slice(0, 100)}`)
  }
  if (encoded !== 'none') throw new SqlError('The body cannot be compressed twice')
  return { kind: 'csv', compression: compressionNamed(name) }
}

function csvFormat(header: HeaderOf): CsvFormat {
  for (const name of ['jsonpaths', 'json_root', 'strip_outer_array', 'ignore_json_size']) {
    if (header(name) !== undefined) throw new SqlError(`${name} is only supported for JSON data`)
  }
  const columnSeparator = readDelimiter('column_separator', header('column_separator') ?? '\\t')
  const rowDelimiter = readDelimiter('row_delimiter', header('row_delimiter') ?? '\\n')
  if (columnSeparator === rowDelimiter) {
    throw new SqlError('column_separator and row_delimiter must differ')
  }
  const skip = header('skip_header') ?? '0'
  if (skip.startsWith('-')) throw new SqlError('skip_header must be equal or greater than 0')
  if (!/^\d{1,15}$/.test(skip)) throw new SqlError('Invalid csv load skip_header format')
  const enclose = singleByte(header, 'enclose')
  const escape = singleByte(header, 'escape')
  if (enclose !== undefined && enclose === escape) {
    throw new SqlError('enclose and escape must differ; a doubled enclose needs no escape')
  }
  return {
    kind: 'csv',
    columnSeparator,
    rowDelimiter,
    skipHeader: Number(skip),
    trimSpace: flag(header, 'trim_space', 'Invalid trim space format. Must be bool type'),
    enclose,
    escape,
  }
}

function singleByte(header: HeaderOf, name: string): string | undefined {
  const value = header(name)
  if (value === undefined) return undefined
  const bytes = value.length === 1 ? value : readDelimiter(name, value)
  if (bytes.length !== 1 || bytes > '\u007f') {
    throw new SqlError(`${name} must be a single-byte character`)
  }
  return bytes
}

/** Text that the engine can cut by itself: nothing to take off a value, and separators that are letters to it. */
function textFormat(format: CsvFormat): TextFormat | undefined {
  const [columnSeparator, rowDelimiter] = [format.columnSeparator, format.rowDelimiter].map(
    (bytes) => Buffer.from(bytes, 'latin1').toString('utf8'),
  )
  const unsafe = `${columnSeparator}${rowDelimiter}`
  if (!isPlain(format) || /[\0\uFFFD]/.test(unsafe)) return undefined
  return { columnSeparator: columnSeparator ?? '', rowDelimiter: rowDelimiter ?? '', nullText }
}

function jsonFormat(header: HeaderOf): JsonFormat {
  const csvOnly = ['column_separator', 'row_delimiter', 'skip_header', 'enclose', 'escape']
  for (const name of [...csvOnly, 'trim_space']) {
    if (header(name) !== undefined) throw new SqlError(`${name} is only supported for CSV data`)
  }
  const paths = header('jsonpaths')
  const root = readJsonPath('json_root', header('json_root') ?? '$')
  return {
    kind: 'json',
    paths: paths === undefined ? undefined : readJsonPaths('jsonpaths', paths),
    root: root.map((step) => {
      if (typeof step === 'string') return step
      throw new SqlError('Invalid json_root: an index of an array is not supported by this engine')
    }),
    stripOuterArray: boolean(header, 'strip_outer_array'),
    ignoreSize: boolean(header, 'ignore_json_size'),
  }
}
