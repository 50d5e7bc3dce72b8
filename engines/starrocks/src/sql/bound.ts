/**
 * The bound tree: a query whose names are resolved and whose values have types. bind/ makes it, where everything is refused that is to be
 * refused; emit/ writes it as DuckDB's SQL and needs nothing else to do so.
 */
import type { SqlType } from './type.ts'

/** A value in DuckDB's SQL: text of exactly `duckType(type)`, so that no rule of DuckDB's own coercion ever decides an answer. */
export interface Operand {
  readonly sql: string
  readonly type: SqlType
  /** What was written, when it was a literal: conversions then start from it instead of from its first type. */
  readonly literal?: { readonly kind: 'number' | 'string'; readonly text: string }
  /** Of a decimal that is computed from columns and literals: the same in 64 bits, NULL where it does not fit those. */
  readonly narrow?: () => string | undefined
}

/** What stands around the arguments of an aggregate or a window function, each part with a space before it, or empty. */
export interface CallTail {
  /** ` ORDER BY …` */
  readonly order: string
  /** ` OVER (…)` */
  readonly over: string
}

/** `texts` are those of the arguments. */
export type Write = (texts: readonly string[], args: readonly Operand[], tail: CallTail) => string

/** An expression. */
export type Bound = Pick<Operand, 'type' | 'literal'> & {
  /** StarRocks takes it for never NULL (bind/nullability.ts). */
  readonly notNull?: boolean
} & (
    | {
        readonly kind: 'constant' | 'column'
        readonly sql: string
        /** Of a DATETIME that is known to be the beginning of a day: that day. */
        readonly day?: string
        /** Of a column in parentheses: the column. */
        readonly column?: Bound
      }
    /** `value` as this type; that there is such a conversion is known. */
    | { readonly kind: 'conversion'; readonly value: Bound }
    | {
        readonly kind: 'call'
        readonly args: readonly Bound[]
        readonly write: Write
        readonly narrow?: (args: readonly Operand[]) => string | undefined
        readonly order?: readonly BoundKey[]
        readonly over?: BoundWindow
      }
    | { readonly kind: 'query' | 'exists'; readonly query: BoundQuery }
    | {
        readonly kind: 'inQuery'
        readonly operands: readonly Bound[]
        /** One of `from` for each operand. */
        readonly values: readonly Bound[]
        readonly from: BoundFrom
        readonly negated: boolean
      }
  )

/** What rows are ordered or windows divided by. */
export interface BoundKey {
  readonly value: Bound
  /** `DESC NULLS LAST`; empty for what only divides. */
  readonly direction: string
  /** DuckDB would read a bare number as a position. */
  readonly constant: boolean
  /** Of an item of the SELECT that was named by its number. */
  readonly position?: number
}

export interface BoundWindow {
  readonly partitions: readonly BoundKey[]
  readonly order: readonly BoundKey[]
  readonly frame: { readonly unit: string; readonly bounds: readonly BoundFrame[] } | undefined
}

export interface BoundFrame {
  readonly offset: Bound | undefined
  readonly word: string
}

/** Its columns come out as c1, c2 … */
export type BoundQuery = {
  readonly columns: readonly QueryColumn[]
} & (
  | BoundSelect
  | {
      readonly kind: 'with'
      readonly tables: readonly { readonly name: string; readonly query: BoundQuery }[]
      readonly main: BoundQuery
    }
  | {
      readonly kind: 'set'
      readonly operator: string
      readonly left: BoundQuery
      readonly right: BoundQuery
    }
  /** Values of another relation as they are; without any, whether it has rows. */
  | {
      readonly kind: 'projection'
      readonly values: readonly Bound[]
      readonly from: BoundFrom
      readonly where?: Bound
    }
  | ({ readonly kind: 'ordered'; readonly from: BoundFrom } & BoundTail)
  | {
      readonly kind: 'values'
      readonly rows: readonly (readonly Bound[])[]
      readonly alias: string
    }
)

export interface QueryColumn {
  readonly name: string
  readonly type: SqlType
  /** Of the table it comes from when it is a plain column, else empty. */
  readonly table: string
  readonly database: string
  readonly notNull?: NotNull
}

/**
 * What StarRocks takes for never NULL. A materialized view goes by the column itself, CREATE TABLE AS by the expression that it was,
 * also inside of derived tables and views; a `*` is no expression, and leaves what a table's column may hold unknown.
 * reference: StarRocks 3.3.7, MaterializedViewAnalyzer (Field.isNullable), CTASAnalyzer (Field.getOriginExpression().isNullable()).
 */
export interface NotNull {
  readonly column: boolean
  readonly origin: boolean
}

/** Of a column that is read from a query. */
export const readNotNull = (notNull: NotNull | undefined): NotNull | undefined =>
  notNull?.origin ? { column: false, origin: true } : undefined

export interface BoundTail {
  readonly order: readonly BoundKey[]
  readonly limit: Bound | undefined
  readonly offset: Bound | undefined
}

export interface BoundSelect extends BoundTail {
  readonly kind: 'select'
  readonly distinct: boolean
  readonly items: readonly Bound[]
  readonly from: BoundFrom | undefined
  readonly where: Bound | undefined
  readonly group: BoundGroup | undefined
  readonly having: Bound | undefined
  readonly qualify: Bound | undefined
}

/** `all`: without GROUP BY all rows are one. Of other forms than `sets` there is one set. */
export interface BoundGroup {
  readonly form: 'all' | 'plain' | 'rollup' | 'cube' | 'sets'
  readonly sets: readonly (readonly BoundKey[])[]
}

/** Every relation has an alias of ours: no name of the input ever reaches DuckDB as one. */
export type BoundFrom =
  | { readonly kind: 'table'; readonly sql: string; readonly alias: string }
  | {
      readonly kind: 'derived'
      readonly query: BoundQuery
      readonly alias: string
      readonly lateral?: boolean
      /** Its columns are known by these instead of their numbers. */
      readonly names?: readonly string[]
    }
  | {
      readonly kind: 'function'
      readonly args: readonly Bound[]
      readonly write: (texts: readonly string[]) => string
      readonly alias: string
    }
  | {
      readonly kind: 'join'
      readonly words: string
      readonly left: BoundFrom
      readonly right: BoundFrom
      /** The right side is a join itself. */
      readonly nested: boolean
      readonly on: Bound | undefined
    }

/** A view as other queries read it. */
export interface BoundView {
  readonly query: BoundQuery
  readonly names: readonly string[]
}

export const constant = (sql: string, type: SqlType): Bound => ({ kind: 'constant', sql, type })

export const callNode = (type: SqlType, args: readonly Bound[], write: Write): Bound => ({
  kind: 'call',
  type,
  args,
  write,
})

/**
 * A column of GROUP BY as a part of something. DuckDB does not find it inside of TRY where it groups; in parentheses it is no plain text,
 * and is bound outside (emit/text.ts).
 */
export const partOfGrouped = (column: Bound): Bound =>
  column.kind === 'column' ? { ...column, sql: `(${column.sql})`, column } : column

/** The same as a whole. */
export const wholeOfGrouped = (value: Bound): Bound =>
  (value.kind === 'column' && value.column) || value

/** The column at this place of a query that is read under an alias. */
export const outputOf = (alias: string, index: number, type: SqlType): Bound => ({
  kind: 'column',
  sql: `${alias}.c${index + 1}`,
  type,
})
