/**
 * Delta Lake tables in a folder each. The log is read here and not by DuckDB's module: that one opens files on its own, past the
 * fence around the buckets, and would follow a log to wherever it points.
 */
import { parseJson } from '../../../../src/kernel/json-name.ts'
import { SqlError } from '../session.ts'
import { literal, quoted } from '../sql/quote.ts'
import { unsupportedByEngine } from '../sql/sql-error.ts'
import { objectError, textOf } from '../storage/object-path.ts'
import type { ObjectPath } from '../storage/object-path.ts'
import { columnSql, lakeColumn, storedType } from './lake-type.ts'
import type { LakeColumn } from './lake-type.ts'
import type { LakeTable } from './lake-table.ts'
import { addressBelow, namesBelow, textsOf } from './object.ts'
import type { LakeSource } from './object.ts'

interface AddedFile {
  readonly path: string
  readonly partitionValues?: Readonly<Record<string, string | null>>
  readonly deletionVector?: unknown
}

interface TableFacts {
  readonly schemaString: string
  readonly partitionColumns?: readonly string[]
  readonly description?: string | null
  readonly configuration?: Readonly<Record<string, string>>
}

interface Action {
  readonly add?: AddedFile | null
  readonly remove?: { readonly path: string } | null
  readonly metaData?: TableFacts | null
  readonly protocol?: {
    readonly minReaderVersion: number
    readonly readerFeatures?: readonly string[] | null
  } | null
}

const LOG = '^_delta_log/[0-9]{20}\\.(json|checkpoint\\.parquet|checkpoint\\..*)$'
const NAMES_MAX = 100_000
/** Without a checkpoint; Delta's writers make one every ten commits. */
const COMMITS_MAX = 10_000
/** What a reader may not know and yet answers rightly. */
const READ_FEATURES: readonly string[] = [
  'timestampNtz',
  'vacuumProtocolCheck',
  'columnMapping',
  'deletionVectors',
]

/** Undefined where the folder holds no table. */
export async function deltaTable(
  source: LakeSource,
  root: ObjectPath,
  folder: ObjectPath,
): Promise<LakeTable | undefined> {
  const names = await namesBelow(source, folder, LOG, NAMES_MAX)
  if (names.length === 0) return undefined
  const { facts, files } = await stateOf(source, root, folder, names)
  const columns = columnsOf(facts)
  const partitionBy = facts.partitionColumns ?? []
  return {
    columns,
    partitionBy,
    location: textOf(folder).slice(0, -1),
    comment: facts.description ?? '',
    scan: async () =>
      tableSql(
        source,
        columns,
        partitionBy,
        files.map((file) => addressed(source, root, folder, file)),
      ),
  }
}

interface TableState {
  readonly facts: TableFacts
  readonly files: readonly AddedFile[]
}

/** What the checkpoint and the commits behind it say, one after the other. */
async function stateOf(
  source: LakeSource,
  root: ObjectPath,
  folder: ObjectPath,
  names: readonly string[],
): Promise<TableState> {
  const { checkpoint, commits } = logOf(names)
  const at = (name: string) => addressBelow(source, root, `${textOf(folder)}${name}`)
  const kept = checkpoint === undefined ? [] : await checkpointActions(source, at(checkpoint))
  const texts = commits.length === 0 ? [] : await textsOf(source, commits.map(at))
  const files = new Map<string, AddedFile>()
  let facts: TableFacts | undefined
  for (const { add, remove, metaData, protocol } of [...kept, ...texts.flatMap(actionsOf)]) {
    if (protocol) checkProtocol(protocol)
    if (metaData) facts = metaData
    if (remove) files.delete(remove.path)
    if (add) files.set(add.path, add)
  }
  if (!facts) throw objectError('the log of the Delta table says nothing of its columns')
  if ((facts.configuration?.['delta.columnMapping.mode'] ?? 'none') !== 'none')
    throw unsupportedByEngine('A Delta table with column mapping')
  const active = [...files.values()]
  if (active.some((file) => file.deletionVector))
    throw unsupportedByEngine('A Delta table with deletion vectors')
  return { facts, files: active }
}

interface Log {
  readonly checkpoint: string | undefined
  readonly commits: readonly string[]
}

function logOf(names: readonly string[]): Log {
  const numberOf = (name: string) => Number(name.slice(11, 31))
  const versions = names.filter((name) => name.endsWith('.json') && name.length === 36)
  const checkpoint = names
    .filter((name) => name.endsWith('.checkpoint.parquet') && name.length === 50)
    .at(-1)
  const from = checkpoint === undefined ? -1 : numberOf(checkpoint)
  const commits = versions.filter((name) => numberOf(name) > from)
  if (!commits.every((name, index) => numberOf(name) === from + 1 + index))
    throw names.length > versions.length && checkpoint === undefined
      ? unsupportedByEngine('A Delta table with checkpoints of several parts')
      : objectError('the log of the Delta table is not complete')
  if (commits.length > COMMITS_MAX)
    throw objectError(`the Delta table has more than ${COMMITS_MAX} commits and no checkpoint`)
  return { checkpoint, commits }
}

function actionsOf(text: string): readonly Action[] {
  try {
    return text
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) => parseJson(line) as Action)
  } catch {
    throw objectError('a commit of the Delta table is no JSON')
  }
}

async function checkpointActions(source: LakeSource, address: string): Promise<readonly Action[]> {
  const rows = await source.link.rows(
    `SELECT to_json(add)::VARCHAR, to_json("metaData")::VARCHAR, to_json(protocol)::VARCHAR FROM read_parquet(${literal(address)}) WHERE add IS NOT NULL OR "metaData" IS NOT NULL OR protocol IS NOT NULL LIMIT ${NAMES_MAX + 1}`,
  )
  if (rows.length > NAMES_MAX) throw objectError(`the Delta table has more than ${NAMES_MAX} files`)
  const read = (cell: unknown) => (typeof cell === 'string' ? (parseJson(cell) as never) : null)
  return rows.map(([add, metaData, protocol]) => ({
    add: read(add),
    metaData: read(metaData),
    protocol: read(protocol),
  }))
}

/** Column mapping and deletion vectors may be allowed and not used: who uses them is refused where it is seen. */
function checkProtocol({
  minReaderVersion,
  readerFeatures,
}: NonNullable<Action['protocol']>): void {
  const more = (readerFeatures ?? []).find((name) => !READ_FEATURES.includes(name))
  if (minReaderVersion > 3 || more !== undefined)
    throw unsupportedByEngine(
      `A Delta table that needs ${more === undefined ? `a reader of version ${minReaderVersion}` : `the feature ${more.slice(0, 40)}`}`,
    )
}

function columnsOf({ schemaString }: TableFacts): readonly LakeColumn[] {
  const schema = parseJson(schemaString) as {
    readonly fields: readonly {
      readonly name: string
      readonly type: unknown
      readonly metadata?: { readonly comment?: unknown }
    }[]
  }
  return schema.fields.map((field) =>
    lakeColumn('delta', field.name, field.type, field.metadata?.comment),
  )
}

interface AddressedFile {
  readonly address: string
  readonly values: Readonly<Record<string, string | null>>
}

/** A path in the log is a URI: relative to the table's folder, or absolute. */
function addressed(
  source: LakeSource,
  root: ObjectPath,
  folder: ObjectPath,
  { path, partitionValues = {} }: AddedFile,
): AddressedFile {
  let name: string
  try {
    name = decodeURIComponent(path)
  } catch {
    throw objectError(`the log names '${path.slice(0, 200)}', which is no URI`)
  }
  const whole = /^[a-z][a-z0-9+.-]*:/i.test(name) ? name : `${textOf(folder)}${name}`
  return { address: addressBelow(source, root, whole), values: partitionValues }
}

/** What stands beside the columns of the files: a name that no column can have. */
const FILE = quoted('file of the row\n')

/** Columns that a file lacks are NULL in it; the values of partitions are in the log only. */
function tableSql(
  { zone }: LakeSource,
  columns: readonly LakeColumn[],
  partitionBy: readonly string[],
  files: readonly AddressedFile[],
): string {
  const stored = columns.filter(({ name }) => !partitionBy.includes(name))
  const shape = [
    ...stored.map((column) => `CAST(NULL AS ${storedType(column)}) AS ${quoted(column.name)}`),
    `CAST(NULL AS VARCHAR) AS ${FILE}`,
  ].join(', ')
  const list = columns.map((column) => {
    const at = partitionBy.indexOf(column.name)
    const sql = at < 0 ? `f.${quoted(column.name)}` : `CAST(p.p${at} AS ${storedType(column)})`
    return `${columnSql(column, sql, zone)} AS ${quoted(column.name)}`
  })
  const none = `SELECT ${shape} WHERE false`
  if (files.length === 0)
    return `(SELECT ${list.join(', ')} FROM (${none}) AS f, (SELECT ${['1', ...partitionBy.map((_, at) => `NULL AS p${at}`)].join(', ')}) AS p)`
  const addresses = files.map(({ address }) => literal(address)).join(', ')
  const rows = `${none} UNION ALL BY NAME SELECT * FROM read_parquet([${addresses}], union_by_name = true, hive_partitioning = false, filename = ${literal('file of the row\n')})`
  const values = files.map(({ address, values: of }) => {
    const cells = partitionBy.map((name) => partitionSql(of[name]))
    return `(${[literal(address), ...cells].join(', ')})`
  })
  const names = ['file', ...partitionBy.map((_, at) => `p${at}`)].join(', ')
  return `(SELECT ${list.join(', ')} FROM (${rows}) AS f JOIN (VALUES ${values.join(', ')}) AS p(${names}) ON p.file = f.${FILE})`
}

/** Delta: an empty value is NULL. */
function partitionSql(value: string | null | undefined): string {
  if (value === undefined || value === null || value === '') return 'CAST(NULL AS VARCHAR)'
  if (value.length > 65_533) throw new SqlError('A value of a partition is too long')
  return literal(value)
}
