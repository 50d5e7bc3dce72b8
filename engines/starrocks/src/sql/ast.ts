/**
 * The syntax tree of StarRocks SQL: plain readonly data, discriminated by `kind`.
 *
 * Names are kept as written (without quotes); what they mean is decided later.
 * `at` is an offset into the parsed text, kept where a later refusal wants to say a line and column; it takes
 * no part in what a node means.
 */
import type { DataStatement } from './ast-data.ts'
import type { DefinitionStatement } from './ast-definition.ts'
import type { SessionStatement } from './ast-session.ts'
import type { SqlType } from './type.ts'

/** One to three parts: `[[catalog.]database.]table`. */
export interface ObjectName {
  readonly parts: readonly string[]
  readonly at: number
}

// ---- Expressions

export type BinaryOperator =
  | 'or'
  | 'and'
  | 'xor'
  | '='
  | '<=>'
  | '!='
  | '<'
  | '<='
  | '>'
  | '>='
  | '|'
  | '&'
  | '^'
  | '<<'
  | '>>'
  | '+'
  | '-'
  | '*'
  | '/'
  | 'div'
  | '%'
  | '||'

export type UnaryOperator = 'not' | '-' | '+' | '~' | 'binary'

export type TimeUnit =
  | 'microsecond'
  | 'millisecond'
  | 'second'
  | 'minute'
  | 'hour'
  | 'day'
  | 'week'
  | 'month'
  | 'quarter'
  | 'year'

export type Literal =
  | { readonly kind: 'null' }
  | { readonly kind: 'boolean'; readonly value: boolean }
  /** Digits as written, without sign. */
  | { readonly kind: 'integer'; readonly text: string }
  | { readonly kind: 'decimal'; readonly text: string }
  /** With an exponent: a DOUBLE where it does not fit a DECIMAL. */
  | { readonly kind: 'double'; readonly text: string }
  | { readonly kind: 'string'; readonly value: string }
  /** x'..' and b'..': lower-case hexadecimal digits, two per byte. */
  | { readonly kind: 'bytes'; readonly hex: string }
  /** DATE '..' and TIMESTAMP/DATETIME '..'. */
  | { readonly kind: 'temporal'; readonly type: 'date' | 'datetime'; readonly value: string }

export interface ColumnReference {
  readonly kind: 'column'
  /** `[[[catalog.]database.]table.]column[.field…]`; which is which depends on what is in scope. */
  readonly path: readonly string[]
  readonly at: number
}

export interface FunctionCall {
  readonly kind: 'call'
  /** Lower case; `database.function` keeps its dot in `qualifier`. */
  readonly name: string
  readonly args: readonly Expression[]
  readonly distinct: boolean
  /** count(*) */
  readonly star: boolean
  /** Inside the parentheses: group_concat, array_agg. */
  readonly orderBy: readonly OrderItem[]
  readonly separator: Expression | undefined
  readonly ignoreNulls: boolean
  readonly over: WindowSpecification | undefined
  readonly at: number
}

export interface WindowSpecification {
  readonly partitionBy: readonly Expression[]
  readonly orderBy: readonly OrderItem[]
  readonly frame: WindowFrame | undefined
}

export interface WindowFrame {
  readonly unit: 'rows' | 'range'
  readonly start: FrameBound
  /** Undefined when written without BETWEEN: up to the current row. */
  readonly end: FrameBound | undefined
}

export type FrameBound =
  | { readonly kind: 'unbounded preceding' | 'current row' | 'unbounded following' }
  | { readonly kind: 'preceding' | 'following'; readonly offset: Expression }

export interface WhenClause {
  readonly when: Expression
  readonly result: Expression
}

export type Expression =
  | Literal
  | ColumnReference
  | FunctionCall
  /** `?`, counted from 0 within its statement. */
  | { readonly kind: 'parameter'; readonly index: number }
  | { readonly kind: 'userVariable'; readonly name: string }
  | {
      readonly kind: 'systemVariable'
      readonly scope: 'default' | 'session' | 'global'
      readonly name: string
    }
  | { readonly kind: 'unary'; readonly operator: UnaryOperator; readonly operand: Expression }
  | {
      readonly kind: 'binary'
      readonly operator: BinaryOperator
      readonly left: Expression
      readonly right: Expression
    }
  | {
      readonly kind: 'is'
      readonly operand: Expression
      readonly what: 'null' | 'true' | 'false'
      readonly negated: boolean
    }
  | {
      readonly kind: 'between'
      readonly operand: Expression
      readonly low: Expression
      readonly high: Expression
      readonly negated: boolean
    }
  | {
      readonly kind: 'in'
      readonly operand: Expression
      readonly list: readonly Expression[]
      readonly negated: boolean
    }
  | {
      readonly kind: 'inQuery'
      /** More than one for `(a, b) IN (SELECT …)`. */
      readonly operands: readonly Expression[]
      readonly query: Query
      readonly negated: boolean
    }
  | { readonly kind: 'exists'; readonly query: Query }
  | { readonly kind: 'subquery'; readonly query: Query }
  | {
      readonly kind: 'like'
      readonly operator: 'like' | 'regexp'
      readonly operand: Expression
      readonly pattern: Expression
      readonly escape: Expression | undefined
      readonly negated: boolean
    }
  | {
      readonly kind: 'case'
      readonly operand: Expression | undefined
      readonly whens: readonly WhenClause[]
      readonly otherwise: Expression | undefined
    }
  | { readonly kind: 'cast'; readonly operand: Expression; readonly type: SqlType }
  | { readonly kind: 'interval'; readonly value: Expression; readonly unit: TimeUnit }
  /** A bare unit as an argument: timestampdiff(DAY, a, b). */
  | { readonly kind: 'unit'; readonly unit: TimeUnit }
  | { readonly kind: 'extract'; readonly unit: string; readonly operand: Expression }
  /** `[1, 2]` or `ARRAY<INT>[1, 2]`. */
  | {
      readonly kind: 'array'
      readonly type: SqlType | undefined
      readonly items: readonly Expression[]
    }
  | {
      readonly kind: 'map'
      readonly type: SqlType | undefined
      readonly entries: readonly { readonly key: Expression; readonly value: Expression }[]
    }
  | { readonly kind: 'subscript'; readonly operand: Expression; readonly index: Expression }
  | {
      readonly kind: 'slice'
      readonly operand: Expression
      readonly from: Expression
      readonly to: Expression
    }
  | { readonly kind: 'field'; readonly operand: Expression; readonly name: string }
  /** `json -> '$.path'` (JSON) and `json ->> '$.path'` (text). */
  | {
      readonly kind: 'arrow'
      readonly operand: Expression
      readonly path: Expression
      readonly text: boolean
    }
  | { readonly kind: 'lambda'; readonly parameters: readonly string[]; readonly body: Expression }
  | { readonly kind: 'collate'; readonly operand: Expression; readonly collation: string }
  /** `DEFAULT` in VALUES and SET. */
  | { readonly kind: 'default' }

export type ExpressionKind = Expression['kind']

// ---- Queries

export interface OrderItem {
  readonly expression: Expression
  readonly descending: boolean
  /** As written; undefined means StarRocks' habit: first when ascending, last when descending. */
  readonly nulls: 'first' | 'last' | undefined
}

export interface CommonTable {
  readonly name: string
  readonly columns: readonly string[]
  readonly query: Query
}

export interface Query {
  readonly kind: 'query'
  readonly with: readonly CommonTable[]
  readonly body: QueryBody
  readonly orderBy: readonly OrderItem[]
  readonly limit: Expression | undefined
  readonly offset: Expression | undefined
}

export type QueryBody = Select | SetOperation | Values | Query

export interface Values {
  readonly kind: 'values'
  readonly rows: readonly (readonly Expression[])[]
}

export interface SetOperation {
  readonly kind: 'setOperation'
  readonly operator: 'union' | 'except' | 'intersect'
  readonly all: boolean
  readonly left: QueryBody
  readonly right: QueryBody
}

export type SelectItem =
  | {
      readonly kind: 'expression'
      readonly expression: Expression
      readonly alias: string | undefined
    }
  /** `*`, `t.*`, `* EXCEPT (a, b)`. */
  | {
      readonly kind: 'star'
      readonly qualifier: readonly string[]
      readonly except: readonly string[]
    }

export interface Select {
  readonly kind: 'select'
  readonly distinct: boolean
  readonly items: readonly SelectItem[]
  readonly from: FromItem | undefined
  readonly where: Expression | undefined
  readonly groupBy: GroupBy | undefined
  readonly having: Expression | undefined
  readonly qualify: Expression | undefined
}

export type GroupBy =
  | { readonly kind: 'plain'; readonly items: readonly Expression[] }
  | { readonly kind: 'rollup' | 'cube'; readonly items: readonly Expression[] }
  | { readonly kind: 'sets'; readonly sets: readonly (readonly Expression[])[] }

export type JoinType =
  | 'inner'
  | 'cross'
  | 'left'
  | 'right'
  | 'full'
  | 'left semi'
  | 'right semi'
  | 'left anti'
  | 'right anti'

export type FromItem =
  | {
      readonly kind: 'table'
      readonly name: ObjectName
      readonly alias: string | undefined
      readonly columns: readonly string[]
      readonly partitions: readonly string[]
      /** Of TEMPORARY PARTITION. */
      readonly temporary?: true
      /** `[_SYNC_MV_]`: the name is a synchronous materialized view's. */
      readonly rollup?: true
      /** FOR VERSION AS OF: a snapshot of a table of an external catalog. */
      readonly version?: Expression
      /** FOR TIMESTAMP AS OF: likewise the one that was current then. */
      readonly moment?: Expression
    }
  | {
      readonly kind: 'derived'
      readonly query: Query
      readonly alias: string | undefined
      readonly columns: readonly string[]
    }
  /** unnest(…), generate_series(…), files(…), TABLE(f(…)). */
  | {
      readonly kind: 'tableFunction'
      /** Written TABLE(f(…)): joins like any table. */
      readonly table: boolean
      readonly name: string
      readonly args: readonly Expression[]
      /** files('path' = '…'). */
      readonly properties: readonly Property[]
      readonly alias: string | undefined
      readonly columns: readonly string[]
      readonly at: number
    }
  | {
      readonly kind: 'join'
      readonly type: JoinType
      readonly left: FromItem
      readonly right: FromItem
      readonly on: Expression | undefined
      readonly using: readonly string[]
    }
  | {
      readonly kind: 'pivot'
      readonly source: FromItem
      readonly aggregates: readonly {
        readonly call: FunctionCall
        readonly alias: string | undefined
      }[]
      readonly columns: readonly string[]
      readonly values: readonly PivotValue[]
    }

/** One literal for each column of a PIVOT. */
export interface PivotValue {
  readonly literals: readonly Expression[]
  readonly alias: string | undefined
}

export interface Property {
  readonly name: string
  readonly value: string
}

// ---- Statements

export type ExplainMode = 'normal' | 'logical' | 'verbose' | 'costs' | 'analyze'

export type Statement =
  | { readonly kind: 'select'; readonly query: Query }
  | { readonly kind: 'explain'; readonly mode: ExplainMode; readonly statement: Statement }
  | DataStatement
  | DefinitionStatement
  | SessionStatement

/** One statement of a text, with where it stood. */
export interface ParsedStatement {
  readonly statement: Statement
  /** The statement's own text, without its `;`. */
  readonly text: string
  /** Offsets of `text` within the whole text, in UTF-16 code units. */
  readonly start: number
  readonly end: number
  /** How many `?` it holds. */
  readonly parameters: number
  readonly hints: readonly Hint[]
  /** Properties of each FILES() that it reads, the very ones of its tree. */
  readonly files: readonly (readonly Property[])[]
}

/** SET_VAR(a = b) and SET_USER_VARIABLE(@a = b), wherever they stand: for the whole statement, and for it only. */
export interface Hint {
  readonly kind: 'system' | 'user'
  readonly name: string
  readonly value: Expression
}
