/**
 * Cuts what is typed into statements at their `;`, as far as they are whole: quotes, backquotes and comments hide one. A `\G` in
 * place of the `;` asks for the result with one column a line. Nothing else of SQL is understood here; the engine says what is wrong.
 */

export interface Statement {
  readonly text: string
  /** Ended by `\G`. */
  readonly vertical: boolean
}

export interface Cut {
  readonly statements: readonly Statement[]
  /** What is not ended yet, empty when only blanks and comments are left. */
  readonly rest: string
  /** What an open quote or comment waits for, for the prompt. */
  readonly open: Open
}

export type Open = '' | "'" | '"' | '`' | '/*'

export function cutStatements(text: string): Cut {
  const statements: Statement[] = []
  let from = 0
  let at = 0
  let open: Open = ''
  const end = (length: number, vertical: boolean) => {
    const statement = text.slice(from, at).trim()
    if (!isEmpty(statement)) statements.push({ text: statement, vertical })
    at += length
    from = at
  }
  while (at < text.length) {
    const here = text[at] ?? ''
    if (here === "'" || here === '"' || here === '`') {
      const closed = quoteEnd(text, at)
      if (closed === undefined) open = here
      at = closed ?? text.length
    } else if (text.startsWith('/*', at)) {
      const closed = text.indexOf('*/', at + 2)
      if (closed < 0) open = '/*'
      at = closed < 0 ? text.length : closed + 2
    } else if (here === '#' || isDashComment(text, at)) {
      const closed = text.indexOf('\n', at)
      at = closed < 0 ? text.length : closed
    } else if (here === ';') end(1, false)
    else if (text.startsWith('\\G', at)) end(2, true)
    else at++
  }
  const rest = text.slice(from)
  return { statements, rest: open === '' && isEmpty(rest) ? '' : rest, open }
}

/** Behind the closing quote; undefined when there is none. A doubled quote is none, nor is one behind a backslash. */
function quoteEnd(text: string, start: number): number | undefined {
  const quote = text[start] ?? ''
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '\\' && quote !== '`') at++
    else if (text[at] === quote && text[at + 1] === quote) at++
    else if (text[at] === quote) return at + 1
  }
  return undefined
}

/** `--` begins a comment only before a blank or at the end of the line. */
function isDashComment(text: string, at: number): boolean {
  return text.startsWith('--', at) && /^(\s|$)/.test(text.slice(at + 2, at + 3))
}

/** Hints (`/*+ … *\/`) alone are no statement either. */
function isEmpty(text: string): boolean {
  return text.replaceAll(/\/\*[\s\S]*?\*\/|#[^\n]*|--(?=\s|$)[^\n]*/g, '').trim() === ''
}
