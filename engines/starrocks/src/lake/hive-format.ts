/** How the files of a Hive table hold their rows, by the classes that its metastore names; what no module reads is refused by name. */
import { csvOptions } from '../file/csv-option.ts'
import type { CsvOptions } from '../file/csv-option.ts'
import { SqlError } from '../session.ts'
import { unsupportedByEngine } from '../sql/sql-error.ts'
import { objectError } from '../storage/object-path.ts'
import type { HiveStorage, HiveTable } from './hive-metastore.ts'

export type HiveFormat =
  | { readonly kind: 'parquet' }
  | { readonly kind: 'text'; readonly csv: CsvOptions }

/** By the last part of the class's name. reference: StarRocks 3.3.7, HiveClassNames, RemoteFileInputFormat */
const FORMATS: Readonly<Record<string, string>> = {
  MapredParquetInputFormat: 'parquet',
  TextInputFormat: 'text',
  OrcInputFormat: 'ORC',
  AvroContainerInputFormat: 'AVRO',
  RCFileInputFormat: 'RCFILE',
  SequenceFileInputFormat: 'SEQUENCEFILE',
}

const LAZY_TEXT = 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe'
const QUOTED_TEXT = 'org.apache.hadoop.hive.serde2.OpenCSVSerde'
const NULL_TEXT = String.raw`\N`

/** Tables that are views, change by transactions, or are another format's. Texts: StarRocks 3.3.7, HiveMetastore, getTable. */
export function demandPlain({ kind, parameters, storage }: HiveTable, name: string): void {
  const word = kind.toUpperCase()
  if (word === 'VIRTUAL_VIEW' || word === 'MATERIALIZED_VIEW')
    throw unsupportedByEngine('A view of a Hive catalog')
  if (word !== 'MANAGED_TABLE' && word !== 'EXTERNAL_TABLE')
    throw new SqlError(
      kind === ''
        ? 'Unknown hive table type.'
        : `unsupported hive table type [${kind.slice(0, 100)}].`,
    )
  const isTrue = (key: string) => parameters.get(key)?.toLowerCase() === 'true'
  if (isTrue('transactional') && parameters.get('transactional_properties') !== 'insert_only')
    throw new SqlError(`${name} is a hive transactional table(full acid), sr didn't support it yet`)
  // Which files of it are committed, only Hive knows.
  if (isTrue('transactional')) throw unsupportedByEngine('A transactional table of Hive')
  const provider = parameters.get('spark.sql.sources.provider')?.toLowerCase()
  const other = parameters.get('table_type')?.toLowerCase() ?? provider
  if (other !== undefined && ['iceberg', 'delta', 'hudi', 'paimon'].includes(other))
    throw unsupportedByEngine(`A table of ${other} in a Hive catalog`)
  if (/hudi|kudu/i.test(storage.inputFormat))
    throw unsupportedByEngine(`The input format ${storage.inputFormat.slice(0, 200)}`)
}

/** `parameters`: of the table. */
export function hiveFormat(
  { inputFormat, serde, parameters: own }: HiveStorage,
  parameters: HiveTable['parameters'],
): HiveFormat {
  const word = inputFormat.slice(inputFormat.lastIndexOf('.') + 1)
  const format = Object.hasOwn(FORMATS, word) ? FORMATS[word] : undefined
  if (format === 'parquet') return { kind: 'parquet' }
  if (format !== 'text')
    throw unsupportedByEngine(
      `A Hive table of the file format ${format ?? inputFormat.slice(0, 200)}`,
    )
  refuseOthers(parameters, { 'skip.footer.line.count': '0' })
  const header = parameters.get('skip.header.line.count') ?? own.get('skip.header.line.count')
  const values = new Map<string, string>()
  if (header !== undefined) values.set('csv.skip_header', header)
  if (serde === LAZY_TEXT) {
    refuseOthers(own, {
      'escape.delim': '',
      'line.delim': '\n',
      'serialization.null.format': NULL_TEXT,
    })
    const delimiter = own.get('field.delim') ?? own.get('serialization.format') ?? '1'
    // A number is a character's.
    const code = /^\d{1,3}$/.test(delimiter) ? Number(delimiter) : undefined
    const separator = code === undefined ? delimiter : String.fromCharCode(code)
    return { kind: 'text', csv: { ...csvOptions(values), columnSeparator: separator } }
  }
  if (serde === QUOTED_TEXT) {
    const part = (name: string, initial: string) => own.get(name) || initial
    values.set('csv.enclose', part('quoteChar', '"'))
    values.set('csv.escape', part('escapeChar', '\\'))
    return {
      kind: 'text',
      csv: { ...csvOptions(values), columnSeparator: part('separatorChar', ',') },
    }
  }
  throw unsupportedByEngine(`A Hive table of the serde ${serde.slice(0, 200)}`)
}

/** What a text file would be read wrongly with. */
function refuseOthers(
  own: HiveStorage['parameters'],
  usual: Readonly<Record<string, string>>,
): void {
  for (const [name, value] of Object.entries(usual)) {
    const found = own.get(name)
    if (found !== undefined && found !== '' && found !== value)
      throw unsupportedByEngine(`The property "${name}" of a Hive table of text`)
  }
}

/** Of partitions that are kept otherwise than their table. */
export const refuseMixed = (): Error =>
  objectError('partitions of the Hive table are of another format than the table')
