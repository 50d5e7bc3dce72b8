/**
 * The `columns` and `where` headers of Stream Load. A header is a list of fields and of `column = expression`; its
 * expressions are SQL and are read by the SQL parser, each one alone, so that nothing else can be smuggled in.
 * reference: StarRocks documentation, STREAM LOAD, "columns".
 */
import { SqlError } from '../session.ts'
import type { Expression } from '../sql/ast.ts'
import { parseStatements } from '../sql/parse.ts'
import { demandRowOnly } from '../sql/expression-walk.ts'

export interface LoadColumns {
  readonly fields: readonly string[]
  readonly derived: readonly { readonly column: string; readonly expression: Expression }[]
}

/** The field that says whether a row deletes: 0 or upsert, 1 or delete. */
export const operationField = '__op'

export function readColumns(header: string): LoadColumns {
  const fields: string[] = []
  const derived: { column: string; expression: Expression }[] = []
  for (const part of splitList(header)) {
    const { name, rest } = leadingName(part)
    if (rest === '') fields.push(name)
    else if (rest.startsWith('='))
      derived.push({ column: name, expression: readLoadExpression(rest.slice(1)) })
    else throw malformed(part)
  }
  if (fields.length === 0) throw new SqlError('The columns header names no field of the source')
  return { fields, derived }
}

/** One expression, and nothing but one. */
export function readLoadExpression(text: string): Expression {
  const [parsed, more] = parseStatements(`SELECT ${text}`)
  const query = parsed?.statement.kind === 'select' ? parsed.statement.query : undefined
  if (!query || more || parsed?.parameters !== 0) throw malformed(text)
  const { body } = query
  if (body.kind !== 'select' || query.with.length > 0 || query.orderBy.length > 0 || query.limit) {
    throw malformed(text)
  }
  const plain = !body.from && !body.where && !body.groupBy && !body.having && !body.qualify
  const [item, second] = body.items
  if (
    !plain ||
    body.distinct ||
    parsed.hints.length > 0 ||
    second ||
    item?.kind !== 'expression' ||
    item.alias !== undefined
  ) {
    throw malformed(text)
  }
  demandRowOnly(item.expression, 'The header of a load')
  return item.expression
}

const malformed = (part: string): SqlError =>
  new SqlError(`failed to parse the load's columns or where: '${part.trim().slice(0, 200)}'`)

/** At commas that are in no quotes and no brackets. */
function splitList(text: string): string[] {
  const parts: string[] = []
  let depth = 0
  let quote = ''
  let start = 0
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at)
    if (quote !== '') {
      if (char === '\\' && quote !== '`') at++
      else if (char === quote) quote = ''
    } else if (char === '"' || char === "'" || char === '`') quote = char
    else if (char === '(' || char === '[' || char === '{') depth++
    else if (char === ')' || char === ']' || char === '}') depth--
    else if (char === ',' && depth === 0) {
      parts.push(text.slice(start, at))
      start = at + 1
    }
  }
  return [...parts, text.slice(start)].filter((part) => part.trim() !== '')
}

function leadingName(part: string): { name: string; rest: string } {
  const text = part.trim()
  if (text.startsWith('`')) {
    const end = text.indexOf('`', 1)
    if (end < 0) throw malformed(part)
    return { name: text.slice(1, end), rest: text.slice(end + 1).trim() }
  }
  const end = [...text].findIndex((char) => char === '=' || /\s/u.test(char))
  if (end < 0) return { name: text, rest: '' }
  const letters = [...text]
  return { name: letters.slice(0, end).join(''), rest: letters.slice(end).join('').trim() }
}
