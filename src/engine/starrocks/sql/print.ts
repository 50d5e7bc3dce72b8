/**
 * Renders a syntax tree back to StarRocks SQL: SHOW CREATE VIEW, stored queries, and the names of unaliased columns.
 * What is printed with quotes parses to the same tree (but for `||`, which becomes concat() so that its meaning does not
 * hang on the reader's sql_mode).
 */
import type { Expression, Query, Relation } from './ast.ts'
import { expressionText } from './print/expression.ts'
import { queryText, relationText } from './print/query.ts'

const quoteIdentifier = (name: string): string => `\`${name.replaceAll('`', '``')}\``

export const printQuery = (query: Query): string => queryText(query, quoteIdentifier)

export const printRelation = (relation: Relation): string => relationText(relation, quoteIdentifier)

/** With every name in backticks: safe to parse again. */
export const printQuotedExpression = (expression: Expression): string =>
  expressionText(expression, quoteIdentifier)

/** With bare names, as StarRocks titles a column. */
export const printExpression = (expression: Expression): string =>
  expressionText(expression, (name) => name)
