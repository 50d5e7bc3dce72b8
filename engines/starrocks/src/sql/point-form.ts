/**
 * Queries for the rows of one whole number, which differ in it only: `SELECT columns FROM table WHERE column = 5`. Their form is the tree
 * with a parameter in its place, one for all of them, so that what was found out about it once is known of the next.
 */
import { parseStatements } from './parse.ts'
import type { Expression, ParsedStatement, Query, Select } from './ast.ts'

export interface Point {
  readonly form: Query
  /** Digits, perhaps with a sign; within INT. */
  readonly key: string
}

type Equality = Extract<Expression, { kind: 'binary' }>

interface Template {
  readonly parsed: ParsedStatement
  readonly form: Query
  readonly select: Select
  readonly where: Equality
}

const INT_LARGEST = 2_147_483_647
/** Longer ones are read as any other. */
const LENGTH_MAX = 2_048
const TEMPLATES_MAX = 256

/** Nothing that stands before the number can begin a comment, a string or a second statement, or be read otherwise in another sql_mode. */
const WRITTEN =
  /^([ \t\r\n]*select[ \t\r\n][^'"?#;|\\/@-]*=[ \t\r\n]*)(\d{1,9})(?:[ \t\r\n]*;)?[ \t\r\n]*$/i
const PREPARED = /^([ \t\r\n]*select[ \t\r\n][^'"?#;|\\/@-]*=[ \t\r\n]*)\?$/i

/** By what stands before the number; undefined where that is the beginning of something else. */
const templates = new Map<string, Template | undefined>()

/** What `parseStatements` would answer, where it is such a query. */
export function pointStatement(
  text: string,
): { readonly parsed: ParsedStatement; readonly point: Point } | undefined {
  const written = text.length <= LENGTH_MAX ? WRITTEN.exec(text) : null
  if (written === null) return undefined
  const [, before = '', key = ''] = written
  const template = templateAfter(before)
  if (template === undefined) return undefined
  const { parsed, form, select, where } = template
  const end = before.length + key.length
  const body: Select = { ...select, where: { ...where, right: { kind: 'integer', text: key } } }
  return {
    parsed: {
      ...parsed,
      statement: { kind: 'select', query: { ...form, body } },
      text: text.slice(parsed.start, end),
      end,
      parameters: 0,
    },
    point: { form, key },
  }
}

/** That of a prepared statement, the same for all that are written the same, where it is such a query. */
export function preparedForm({ text }: ParsedStatement): Query | undefined {
  const written = text.length <= LENGTH_MAX ? PREPARED.exec(text) : null
  return written === null ? undefined : templateAfter(written[1] ?? '')?.form
}

/** A parameter's value as a key. */
export function pointKey(value: unknown): string | undefined {
  if (typeof value !== 'number' && typeof value !== 'bigint') return undefined
  const isWhole = typeof value === 'bigint' || Number.isInteger(value)
  const isKey = isWhole && value <= INT_LARGEST && value >= -INT_LARGEST
  return isKey ? value.toString() : undefined
}

const templateAfter = (before: string): Template | undefined =>
  templates.has(before) ? templates.get(before) : keep(before)

function keep(before: string): Template | undefined {
  const template = templateOf(before)
  for (const oldest of templates.keys()) {
    if (templates.size < TEMPLATES_MAX) break
    templates.delete(oldest)
  }
  templates.set(before, template)
  return template
}

function templateOf(before: string): Template | undefined {
  const parsed = parsedAlone(`${before}?`)
  if (parsed?.statement.kind !== 'select' || parsed.hints.length > 0) return undefined
  const found = equalityOf(parsed.statement.query)
  return found && { parsed, form: parsed.statement.query, ...found }
}

function parsedAlone(text: string): ParsedStatement | undefined {
  try {
    const [parsed, more] = parseStatements(text)
    return more ? undefined : parsed
  } catch {
    // What is wrong with the statement is said where it is read as a whole.
    return undefined
  }
}

/** The one condition, where the query is of the form. */
function equalityOf(query: Query): Pick<Template, 'select' | 'where'> | undefined {
  const { body, orderBy, limit, offset } = query
  if (body.kind !== 'select' || query.with.length > 0 || orderBy.length > 0 || limit || offset)
    return undefined
  const { from, where, items, distinct, groupBy, having, qualify } = body
  if (distinct || groupBy || having || qualify || where?.kind !== 'binary') return undefined
  if (where.operator !== '=' || where.left.kind !== 'column' || where.right.kind !== 'parameter')
    return undefined
  if (from?.kind !== 'table' || from.partitions.length > 0 || from.temporary || from.rollup)
    return undefined
  if (from.version || from.moment || from.columns.length > 0) return undefined
  const areColumns = items.every(
    (item) => item.kind === 'star' || item.expression.kind === 'column',
  )
  return areColumns ? { select: body, where } : undefined
}
