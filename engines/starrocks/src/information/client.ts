/** What client programs look up: character sets, collations, engines, variables. */
import { variableOf } from '../execution/statement-context.ts'
import type { StatementContext } from '../execution/statement-context.ts'
import { variableDefinitions } from '../execution/variable.ts'
import { long, text, virtualColumns } from './virtual-table.ts'
import type { Cell, VirtualTable } from './virtual-table.ts'

const database = 'information_schema'

export const characterSetRows: readonly (readonly Cell[])[] = [
  ['utf8', 'utf8_general_ci', 'UTF-8 Unicode', 3],
  ['utf8mb4', 'utf8mb4_general_ci', 'UTF-8 Unicode', 4],
]

export function characterSets(): VirtualTable {
  const columns = virtualColumns({
    CHARACTER_SET_NAME: text,
    DEFAULT_COLLATE_NAME: text,
    DESCRIPTION: text,
    MAXLEN: long,
  })
  return { database, name: 'character_sets', columns, rows: characterSetRows }
}

/** Name, character set, id, default, compiled, length of the sort key. Text is compared byte by byte, as StarRocks does. */
export const collationRows: readonly (readonly Cell[])[] = [
  ['utf8_general_ci', 'utf8', 33, 'Yes', 'Yes', 1],
  ['utf8mb4_general_ci', 'utf8mb4', 45, 'Yes', 'Yes', 1],
  ['utf8mb4_bin', 'utf8mb4', 46, '', 'Yes', 1],
  ['binary', 'binary', 63, 'Yes', 'Yes', 1],
]

export function collations(): VirtualTable {
  const columns = virtualColumns({
    COLLATION_NAME: text,
    CHARACTER_SET_NAME: text,
    ID: long,
    IS_DEFAULT: text,
    IS_COMPILED: text,
    SORTLEN: long,
  })
  return { database, name: 'collations', columns, rows: collationRows }
}

export const engineRows: readonly (readonly Cell[])[] = [
  ['OLAP', 'YES', 'Default storage engine of StarRocks, served by DuckDB here', 'NO', 'NO', 'NO'],
]

export function engines(): VirtualTable {
  const columns = virtualColumns({
    ENGINE: text,
    SUPPORT: text,
    COMMENT: text,
    TRANSACTIONS: text,
    XA: text,
    SAVEPOINTS: text,
  })
  return { database, name: 'engines', columns, rows: engineRows }
}

export function variables(name: string, scope: 'session' | 'global') {
  return (context: StatementContext): VirtualTable => ({
    database,
    name,
    columns: virtualColumns({ VARIABLE_NAME: text, VARIABLE_VALUE: text }),
    rows: variableRows(context, scope),
  })
}

export function variableRows(context: StatementContext, scope: 'session' | 'global'): string[][] {
  const all = variableOf(context, 'enable_show_all_variables') === 'true'
  return variableDefinitions
    .filter(({ hidden }) => all || !hidden)
    .map((definition) => [definition.name, variableOf(context, definition.name, scope)])
    .sort(([a = ''], [b = '']) => (a < b ? -1 : 1))
}
