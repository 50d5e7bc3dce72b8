/**
 * Tables of external catalogs that a statement names, looked up before it is bound: binding asks nobody outside.
 * Reading one demands SELECT on it, before anything of it is asked.
 */
import { demand, denied, outsideTarget, seesOutside } from '../catalog/authority.ts'
import { isSystemDatabase } from '../catalog/lookup.ts'
import { variableOf } from '../execution/statement-context.ts'
import type { SessionContext, StatementContext } from '../execution/statement-context.ts'
import type { LakeSource } from '../lake/object.ts'
import type { TableVersion } from '../lake/lake-table.ts'
import { unzonedSql } from '../lake/lake-type.ts'
import { lakeTable, lakeTables, tableName } from '../lake/reader.ts'
import { SqlError } from '../session.ts'
import type { FromItem } from '../sql/ast.ts'
import { visitNodes } from '../sql/expression-walk.ts'
import { scopeTableOf } from '../information/virtual-table.ts'
import type { ScopeTable } from '../sql/scope.ts'
import { noDatabase, unknownDatabase, unsupportedByEngine } from '../sql/sql-error.ts'
import { literal, quoted } from '../sql/quote.ts'
import type { Link } from '../storage/link.ts'
import { externalSchemaTable, isInformationSchema } from './external-schema.ts'
import { externalOf } from './object-name.ts'

export type TableItem = Extract<FromItem, { kind: 'table' }>

export interface LinkedContext extends SessionContext {
  readonly link: Link
  readonly overrides?: ReadonlyMap<string, string>
}

export const lakeSource = (context: LinkedContext): LakeSource => ({
  link: context.link,
  objects: context.engine.duck.objects,
  modules: context.engine.duck.modules,
  zone: variableOf(context, 'time_zone'),
  random: context.engine.random,
})

/** As an item is written, its table is found: the tree may be copied into another thread. */
const writtenKey = ({ name, version, moment }: TableItem): string =>
  JSON.stringify([name.parts, version, moment])

/** By how they are written. One that is not there is left out: binding says so. */
export async function externalTables(
  context: LinkedContext,
  statement: unknown,
): Promise<ReadonlyMap<string, ScopeTable>> {
  const found = new Map<string, ScopeTable>()
  const { current } = context.engine.store
  if (current.externals().length === 0) return found
  const known = new Map<string, ScopeTable | undefined>()
  for (const item of tableItems(statement)) {
    const place = await placeOf(context, item)
    if (!place) continue
    demandRead(context, place)
    const key = JSON.stringify([place.entry.id, place.database, place.table, place.version])
    if (!known.has(key)) known.set(key, await readTable(context, place))
    const table = known.get(key)
    if (table) found.set(writtenKey(item), table)
  }
  return found
}

async function placeOf(context: LinkedContext, { name, version, moment }: TableItem) {
  const [table = '', written, catalog] = name.parts.toReversed()
  // An unknown catalog is refused where it is bound: a name of one part may be a common table's.
  if (catalog === undefined && context.state.catalog === undefined) return undefined
  const entry = externalOf(context, catalog)
  const database = written ?? context.state.database
  if (!entry || database === undefined) return undefined
  // What there is, whoever may see anything of the catalog sees as far as he may.
  const target = isInformationSchema(database)
    ? outsideTarget(entry)
    : outsideTarget(entry, database, tableName(table).base)
  const wanted = moment ? await versionAt(context, moment) : versionOf(version)
  return { entry, database, table, version: wanted, target }
}

function versionOf(version: TableItem['version']): TableVersion | undefined {
  if (version === undefined) return undefined
  if (version.kind === 'integer') return { id: version.text }
  if (version.kind === 'string') return { name: version.value }
  throw unsupportedByEngine('A version that is no literal')
}

/** In the session's time zone. */
async function versionAt(
  context: LinkedContext,
  moment: NonNullable<TableItem['moment']>,
): Promise<TableVersion> {
  if (moment.kind !== 'string') throw unsupportedByEngine('A moment that is no literal')
  const { value: text } = moment
  const zone = variableOf(context, 'time_zone')
  const [row] = await context.link.rows(
    `SELECT epoch_ms(${unzonedSql(`TRY_CAST(${literal(text.slice(0, 100))} AS TIMESTAMP)`, zone)})`,
  )
  const untilMs = row?.[0]
  if (untilMs === null || untilMs === undefined)
    throw new SqlError(`Invalid timestamp '${text.slice(0, 100)}'`)
  return { untilMs: Number(untilMs), text }
}

async function readTable(
  context: LinkedContext,
  place: NonNullable<Awaited<ReturnType<typeof placeOf>>>,
): Promise<ScopeTable | undefined> {
  const { database, table } = place
  if (isInformationSchema(database)) {
    const listing = { context, source: lakeSource(context), entry: place.entry }
    const listed = await externalSchemaTable(listing, table)
    return listed && { ...scopeTableOf(listed), catalog: place.entry.name }
  }
  if (isSystemDatabase(database)) throw unsupportedByEngine(`${database} of an external catalog`)
  const found = await lakeTable(lakeSource(context), place.entry, place)
  if (!found) {
    const tables = await lakeTables(lakeSource(context), place.entry, database)
    if (!tables) throw unknownDatabase(database)
    return undefined
  }
  const columns = found.columns.map(({ name, type }) => ({ name, type, sql: quoted(name) }))
  return { source: await found.scan(), database, table, columns, catalog: place.entry.name }
}

function demandRead(
  { engine, state }: SessionContext,
  { database, target }: NonNullable<Awaited<ReturnType<typeof placeOf>>>,
): void {
  const { current } = engine.store
  if (!isInformationSchema(database)) demand(current, state.authority, ['SELECT'], target)
  else if (!seesOutside(current, state.authority, target))
    throw denied(current, state.authority, ['ANY'], target.label)
}

/** Wherever they stand in a syntax tree. */
export function tableItems(tree: unknown): readonly TableItem[] {
  const found: TableItem[] = []
  visitNodes(tree, (node: { kind?: unknown; name?: { readonly parts?: unknown } }) => {
    if (node.kind === 'table' && Array.isArray(node.name?.parts)) found.push(node as TableItem)
  })
  return found
}

/** What binding sees of an item: undefined when it is of the default catalog. `inView`: no session's catalog counts. */
export function externalScope(
  context: StatementContext,
  item: TableItem,
  inView: boolean,
): ScopeTable | 'unknown' | undefined {
  const [, written, catalog] = item.name.parts.toReversed()
  if (inView && catalog === undefined) return undefined
  const entry = externalOf(context, catalog)
  if (!entry) {
    if (item.version || item.moment) throw new SqlError('Time travel is not supported.')
    return undefined
  }
  if (written === undefined && context.state.database === undefined) throw noDatabase()
  if (!context.lakes || inView)
    throw unsupportedByEngine('A table of an external catalog in such a statement')
  return context.lakes.get(writtenKey(item)) ?? 'unknown'
}
