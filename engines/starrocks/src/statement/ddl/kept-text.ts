/** The text of a query that is read again later, by sessions with other settings. */
import type { Query } from '../../sql/ast.ts'
import { hasCredential } from '../../file/object-property.ts'
import { unsupportedByEngine } from '../../sql/sql-error.ts'
import { printQuery } from '../../sql/print.ts'
import { variableOf } from '../../execution/statement-context.ts'
import type { Execution } from '../../execution/execution.ts'

/** The text is read again without the session's sql_mode: written under another one it is kept in the plain spelling. */
export function keptText(
  execution: Execution,
  statement: { readonly query: Query; readonly queryText: string },
): string {
  // Whoever may see the text could read it there.
  if ((execution.fileLists ?? []).some(hasCredential))
    throw unsupportedByEngine('A key in FILES() of a view')
  const modes = variableOf(execution, 'sql_mode')
  return /PIPES_AS_CONCAT|ANSI_QUOTES/.test(modes)
    ? printQuery(statement.query)
    : statement.queryText
}
