/**
 * Tables of external catalogs that a statement names, looked up before it is translated: translation asks nobody outside.
 * Reading one demands SELECT on it, before anything of it is asked.
 */
import { demand, outsideTarget } from '../catalog/authority.ts'
import { isSystemDatabase } from '../catalog/lookup.ts'
import { variableOf } from '../execution/statement-context.ts'
import type { SessionContext, StatementContext } from '../execution/statement-context.ts'
import type { LakeSource } from '../lake/object.ts'
import { lakeTable, lakeTables } from '../lake/reader.ts'
import { SqlError } from '../session.ts'
import type { FromItem } from '../sql/ast.ts'
import type { ScopeTable } from '../sql/scope.ts'
import { noDatabase, unknownDatabase, unsupportedByEngine } from '../sql/sql-error.ts'
import { quoted } from '../sql/quote.ts'
import type { Link } from '../storage/link.ts'
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
})

/** By their place in the statement. One that is not there is left out: the translator says so. */
export async function externalTables(
  context: LinkedContext,
  statement: unknown,
): Promise<ReadonlyMap<TableItem, ScopeTable>> {
  const found = new Map<TableItem, ScopeTable>()
  const { current } = context.engine.store
  if (current.externals().length === 0) return found
  const known = new Map<string, ScopeTable | undefined>()
  for (const item of tableItems(statement)) {
    const place = placeOf(context, item)
    if (!place) continue
    demand(current, context.state.authority, ['SELECT'], place.target)
    const key = JSON.stringify([place.entry.id, place.database, place.table, place.version])
    if (!known.has(key)) known.set(key, await readTable(context, place))
    const table = known.get(key)
    if (table) found.set(item, table)
  }
  return found
}

function placeOf(context: SessionContext, { name, version }: TableItem) {
  const [table = '', written, catalog] = name.parts.toReversed()
  // An unknown catalog is refused where it is translated: a name of one part may be a common table's.
  if (catalog === undefined && context.state.catalog === undefined) return undefined
  const entry = externalOf(context, catalog)
  const database = written ?? context.state.database
  if (!entry || database === undefined) return undefined
  const target = outsideTarget(entry, database, table)
  return { entry, database, table, version: versionOf(version), target }
}

function versionOf(version: TableItem['version']): string | undefined {
  if (version === undefined) return undefined
  if (version.kind === 'integer') return version.text
  if (version.kind === 'string') return version.value
  throw unsupportedByEngine('A version that is no literal')
}

async function readTable(
  context: LinkedContext,
  place: NonNullable<ReturnType<typeof placeOf>>,
): Promise<ScopeTable | undefined> {
  const { database, table } = place
  if (isSystemDatabase(database)) throw unsupportedByEngine(`${database} of an external catalog`)
  const found = await lakeTable(lakeSource(context), place.entry, place)
  if (!found) {
    const tables = await lakeTables(lakeSource(context), place.entry, database)
    if (tables.length === 0) throw unknownDatabase(database)
    return undefined
  }
  const columns = found.columns.map(({ name, type }) => ({ name, type, sql: quoted(name) }))
  return { sql: await found.scan(), database, table, columns, catalog: place.entry.name }
}

/** Wherever they stand in a syntax tree. */
export function tableItems(value: unknown, found: TableItem[] = []): readonly TableItem[] {
  if (Array.isArray(value)) for (const item of value) tableItems(item, found)
  else if (value !== null && typeof value === 'object') {
    const node = value as { readonly kind?: unknown; readonly name?: { readonly parts?: unknown } }
    if (node.kind === 'table' && Array.isArray(node.name?.parts)) found.push(value as TableItem)
    for (const member of Object.values(value)) tableItems(member, found)
  }
  return found
}

/** What the translator sees of an item: undefined when it is of the default catalog. `inView`: no session's catalog counts. */
export function externalScope(
  context: StatementContext,
  item: TableItem,
  inView: boolean,
): ScopeTable | 'unknown' | undefined {
  const [, written, catalog] = item.name.parts.toReversed()
  if (inView && catalog === undefined) return undefined
  const entry = externalOf(context, catalog)
  if (!entry) {
    if (item.version) throw new SqlError('Time travel is not supported.')
    return undefined
  }
  if (written === undefined && context.state.database === undefined) throw noDatabase()
  if (!context.lakes || inView)
    throw unsupportedByEngine('A table of an external catalog in such a statement')
  return context.lakes.get(item) ?? 'unknown'
}
