/** information_schema.verbose_session_variables, sys.object_dependencies: what StarRocks tells of itself. */
import { catalogName } from '../catalog/lookup.ts'
import { isRecord } from '../catalog/record-kind.ts'
import type { Catalog, Relation } from '../catalog/catalog.ts'
import { variableOf } from '../execution/statement-context.ts'
import type { StatementContext } from '../execution/statement-context.ts'
import { variableDefinitions } from '../execution/variable.ts'
import { variableRows } from './client.ts'
import { visibleRelations } from './schema.ts'
import { long, text, virtualColumns } from './virtual-table.ts'
import type { Cell, VirtualTable } from './virtual-table.ts'

export function verboseVariables(context: StatementContext): VirtualTable {
  const columns = virtualColumns({
    VARIABLE_NAME: text,
    VARIABLE_VALUE: text,
    DEFAULT_VALUE: text,
    IS_CHANGED: { kind: 'boolean' },
  })
  const initial = new Map(
    variableDefinitions.map((definition) => [definition.name, definition.initial]),
  )
  const rows = variableRows(context, 'session').map(([name = '', value = '']): Cell[] => {
    const standard = initial.get(name) ?? variableOf(context, name, 'global')
    return [name, value, standard, value !== standard]
  })
  return { database: 'information_schema', name: 'verbose_session_variables', columns, rows }
}

/** What each materialized view reads, by the id of what it was made of. */
export function objectDependencies(context: StatementContext): VirtualTable {
  const columns = virtualColumns({
    object_id: long,
    object_name: text,
    object_database: text,
    object_catalog: text,
    object_type: text,
    ref_object_id: long,
    ref_object_name: text,
    ref_object_database: text,
    ref_object_catalog: text,
    ref_object_type: text,
  })
  const { current } = context.engine.store
  const rows = visibleRelations(context).flatMap(([schema, relation]): Cell[][] => {
    if (relation.kind !== 'materialized view') return []
    const head = [relation.id, relation.name, schema.name, catalogName, 'MATERIALIZED_VIEW']
    const bases = Object.keys(relation.view?.baseVersions ?? {}).map(Number)
    return bases.map((id) => [...head, ...referred(current, id)])
  })
  return { database: 'sys', name: 'object_dependencies', columns, rows }
}

const types: Readonly<Record<Relation['kind'], string>> = {
  table: 'OLAP',
  view: 'VIEW',
  'materialized view': 'MATERIALIZED_VIEW',
}

/** A table that is gone has left its id only. */
function referred(catalog: Catalog, id: number): Cell[] {
  const base = catalog.entries.get(id)
  if (!base || !('databaseId' in base) || isRecord(base))
    return [id, null, null, catalogName, 'UNKNOWN']
  const database = catalog.entries.get(base.databaseId)
  const name = database?.kind === 'database' ? database.name : null
  return [id, base.name, name, catalogName, types[base.kind]]
}
