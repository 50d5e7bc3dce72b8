/** Renders a syntax tree back to StarRocks SQL: SHOW CREATE VIEW, and names of unaliased columns. */
import type { Expression, Query } from './ast.ts'

export declare const printQuery: (query: Query) => string
export declare const printExpression: (expression: Expression) => string
