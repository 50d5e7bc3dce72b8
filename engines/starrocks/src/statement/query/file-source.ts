/** The FILES() that a statement reads, its own and those of views, found before it is bound: binding asks nobody. */
import type { Catalog } from '../../catalog/catalog.ts'
import { fileTables } from '../../file/file-table.ts'
import type { FileContext } from '../../file/file-table.ts'
import { tableItems } from '../../resolution/external-table.ts'
import type { Insert } from '../../sql/ast-data.ts'
import type { Property, Statement } from '../../sql/ast.ts'
import { parseStatements } from '../../sql/parse.ts'
import type { ScopeTable } from '../../sql/scope.ts'

type FileLists = readonly (readonly Property[])[]

/** Statements whose rows may come from files; in others FILES() is refused where it is bound. */
const READERS: readonly Statement['kind'][] = [
  'select',
  'explain',
  'insert',
  'createTableAs',
  'createView',
  'alterView',
  'prepare',
]

export async function statementFiles(
  context: FileContext,
  statement: Statement,
  written: FileLists,
): Promise<ReadonlyMap<string, ScopeTable> | undefined> {
  if (!READERS.includes(statement.kind)) return undefined
  const own = statement.kind === 'prepare' ? statement.prepared.files : written
  const lists = [...own, ...viewFiles(context, statement)]
  if (lists.length === 0) return undefined
  const asText = statement.kind === 'insert' && copiesColumns(statement)
  return fileTables(context, lists, asText)
}

/** Nothing but columns: the table that takes them says what each value has to be, and judges it. */
function copiesColumns({ query }: Insert): boolean {
  const { body } = query
  if (body.kind !== 'select' || query.with.length > 0 || query.orderBy.length > 0) return false
  if (body.from?.kind !== 'tableFunction' || body.distinct) return false
  if (body.where || body.groupBy || body.having || body.qualify) return false
  return body.items.every((item) => item.kind === 'star' || item.expression.kind === 'column')
}

function viewFiles({ engine, state }: FileContext, statement: Statement): FileLists {
  const { current } = engine.store
  if (!current.hasFileViews() || state.catalog !== undefined) return []
  const lists: (readonly Property[])[] = []
  collect({ catalog: current, seen: new Set(), lists }, statement, state.database)
  return lists
}

interface ViewWalk {
  readonly catalog: Catalog
  /** Views may read each other in a circle. */
  readonly seen: Set<number>
  readonly lists: (readonly Property[])[]
}

function collect(walk: ViewWalk, tree: unknown, database: string | undefined): void {
  const { catalog, seen, lists } = walk
  for (const { name } of tableItems(tree)) {
    const [table = '', schema = database ?? ''] = name.parts.toReversed()
    const entry = catalog.database(schema)
    const view = entry && catalog.relation(entry.id, table)
    if (view?.kind !== 'view' || seen.has(view.id)) continue
    seen.add(view.id)
    const [parsed] = parseStatements(view.query)
    lists.push(...(parsed?.files ?? []))
    collect(walk, parsed?.statement, view.database)
  }
}
