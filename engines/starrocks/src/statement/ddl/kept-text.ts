/** The text of a query that is read again later, by sessions with other settings. */
import type { Query } from '../../sql/ast.ts'
import { hasCredential } from '../../file/object-property.ts'
import { unsupportedByEngine } from '../../sql/sql-error.ts'
import { parseStatements } from '../../sql/parse.ts'
import { printQuery } from '../../sql/print.ts'
import { definitionText } from '../../sql/print/definition.ts'
import type { Scope } from '../../sql/scope.ts'
import { LONG_TEXT } from '../../sql/thread/statement-thread.ts'
import { namesOf, translateQuery } from '../../sql/translate.ts'
import { variableOf } from '../../execution/statement-context.ts'
import type { Execution } from '../../execution/execution.ts'
import { SqlError } from '../../session.ts'
import { scopeOf } from '../../resolution/statement-scope.ts'

interface Written {
  readonly query: Query
  readonly queryText: string
}

/** As StarRocks keeps it, with all names in full: columns that its tables get later are none of the view's. */
export function keptText(
  execution: Execution,
  statement: Written,
  of: 'view' | 'materialized view',
): string {
  const { query, queryText } = statement
  const plain = plainText(execution, statement)
  return (queryText.length < LONG_TEXT ? fullText(execution, query, of) : undefined) ?? plain
}

/** As it was written; under another sql_mode in the plain spelling, as the text is read again without that. */
export function plainText(execution: Execution, { query, queryText }: Written): string {
  // Whoever may see the text could read it there.
  if ((execution.fileLists ?? []).some(hasCredential))
    throw unsupportedByEngine('A key in FILES() of a view')
  const modes = variableOf(execution, 'sql_mode')
  return /PIPES_AS_CONCAT|ANSI_QUOTES|MODE_DOUBLE_LITERAL/.test(modes)
    ? printQuery(query)
    : queryText
}

/** Undefined where that text does not say the very same. */
function fullText(
  execution: Execution,
  query: Query,
  of: 'view' | 'materialized view',
): string | undefined {
  // The statement was translated before, with its user's rights.
  const scope = (): Scope => scopeOf(execution, { trusted: true })
  const text = definitionText(query, namesOf(query, scope()), of)
  const [written, kept] = [meaning(query, scope()), meaningOfText(text, scope())]
  return kept === written ? text : undefined
}

function meaningOfText(text: string, scope: Scope): string | undefined {
  try {
    const [parsed] = parseStatements(text)
    return parsed?.statement.kind === 'select' ? meaning(parsed.statement.query, scope) : undefined
  } catch (error) {
    if (error instanceof SqlError) return undefined
    throw error
  }
}

function meaning(query: Query, scope: Scope): string {
  const { sql, columns } = translateQuery(query, scope)
  return JSON.stringify([sql, columns.map((column) => column.name)])
}
