/** What the names in a query mean, by the nodes of its tree: found while it is bound, for a text of it that names everything in full. */
import type { ColumnReference, FromItem, SelectItem } from './ast.ts'

type Path = readonly string[]

/** A column by what its relation is called in the query: `[catalog, database, table]`, an alias alone, or nothing where USING joined it. */
export interface ColumnMeaning {
  readonly relation: Path
  /** The column, and fields inside of it. */
  readonly path: Path
}

export interface NameMeanings {
  readonly columns: Map<ColumnReference, ColumnMeaning>
  readonly tables: Map<FromItem, Path>
  /** The columns that a `*` stands for. */
  readonly stars: Map<SelectItem, readonly ColumnMeaning[]>
}

export const noMeanings = (): NameMeanings => ({
  columns: new Map(),
  tables: new Map(),
  stars: new Map(),
})
