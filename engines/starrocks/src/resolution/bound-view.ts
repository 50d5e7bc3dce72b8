/**
 * Views are bound once per catalog. What a catalog says never changes (a change makes another one), so what was bound goes with it; a view
 * that asks for anything of the session is bound again by each statement.
 */
import type { Catalog, Relation, ViewEntry } from '../catalog/catalog.ts'
import { SqlError } from '../session.ts'
import type { Query } from '../sql/ast.ts'
import type { BoundQuery } from '../sql/bound.ts'
import { parseStatements } from '../sql/parse.ts'
import { keepRecent } from '../storage/recent.ts'

/** A relation that a view reads, itself or by another view. */
export interface ViewRead {
  readonly relation: Relation
  /** Whoever reads the view needs SELECT on it: the view says SECURITY INVOKER. */
  readonly isDemanded: boolean
  /** Its own rows are read, not those of its query. */
  readonly hasRows: boolean
}

export interface BoundViewEntry {
  readonly query: BoundQuery
  readonly reads: readonly ViewRead[]
  /** What planning it takes. */
  readonly work: number
  /** How many columns it brings that are written again each time. */
  readonly columns: number
  /** How many views nest, itself included. */
  readonly height: number
}

/** What is found while a view, or a query of a statement, is bound. */
export interface Finding {
  /** How many views it is nested in, itself included; 0 of a statement. */
  readonly depth: number
  /** How many nest in it. */
  height: number
  asksSession: boolean
  readonly reads: ViewRead[]
}

/** Of one catalog; those used longest ago go first. */
const ENTRIES_MAX = 256

const entries = new WeakMap<Catalog, Map<string, BoundViewEntry>>()

/** `key` names the view and how it is read. */
export function boundView(catalog: Catalog, key: string): BoundViewEntry | undefined {
  return entries.get(catalog)?.get(key)
}

export function keepBoundView(catalog: Catalog, key: string, entry: BoundViewEntry): void {
  const known = entries.get(catalog) ?? new Map<string, BoundViewEntry>()
  entries.set(catalog, known)
  keepRecent(known, key, entry, ENTRIES_MAX)
}

/** By their texts: what a text is parsed to does not change with the catalog, and of a long one takes as long as binding it. */
const parsed = new Map<string, Query>()

/** Of all texts together; a tree takes some thirty times the memory of its text. */
const CHARACTERS_MAX = 2_097_152
let characters = 0

export function parsedView(view: Pick<ViewEntry, 'name' | 'query'>): Query {
  const { query: text } = view
  const known = parsed.get(text)
  if (known) {
    parsed.delete(text)
    parsed.set(text, known)
    return known
  }
  const query = parsedQuery(view)
  parsed.set(text, query)
  characters += text.length
  for (const [oldest] of parsed) {
    if (characters <= CHARACTERS_MAX) break
    parsed.delete(oldest)
    characters -= oldest.length
  }
  return query
}

function parsedQuery({ name, query }: Pick<ViewEntry, 'name' | 'query'>): Query {
  const [first] = parseStatements(query)
  if (first?.statement.kind !== 'select') throw new SqlError(`View '${name}' is invalid`)
  return first.statement.query
}
