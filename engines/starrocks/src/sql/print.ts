/**
 * Renders a syntax tree back to StarRocks SQL: SHOW CREATE VIEW, stored queries, and the names of unaliased columns.
 * What is printed with quotes parses to the same tree (but for `||`, which becomes concat() so that its meaning does not
 * hang on the reader's sql_mode).
 */
import type { Expression, Query } from './ast.ts'
import { expressionText, inBackticks } from './print/expression.ts'
import type { Printer } from './print/expression.ts'
import { queryText } from './print/query.ts'

const createPrinter = (name: (name: string) => string): Printer => {
  const printer: Printer = { name, query: (query) => queryText(query, printer) }
  return printer
}

const quoted = createPrinter(inBackticks)

const bare = createPrinter((name) => name)

export const printQuery = (query: Query): string => queryText(query, quoted)

/** With every name in backticks: safe to parse again. */
export const printQuotedExpression = (expression: Expression): string =>
  expressionText(expression, quoted)

/** With bare names, as StarRocks titles a column. */
export const printExpression = (expression: Expression): string => expressionText(expression, bare)
