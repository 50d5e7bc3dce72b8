/**
 * The entry to the parser: a text in, statements out. Refuses with SqlError 1064 and a line and column; throws nothing
 * else, whatever the text. Work and memory are linear in the text, whose length and nesting are bounded.
 */
import type { ExplainMode, Expression, ParsedStatement, Statement } from './ast.ts'
import {
  isVolumeStatement,
  parseAlterVolume,
  parseCreateVolume,
  parseDropVolume,
} from './parse/storage-volume.ts'
import {
  isResourceGroupStatement,
  parseAlterResourceGroup,
  parseCreateResourceGroup,
  parseDropResourceGroup,
} from './parse/resource-group.ts'
import { tokensOf } from './lex.ts'
import { parseAdmin, parseAnalyze, parseCreateAnalyze, parseDropStats } from './parse/admin.ts'
import {
  parseAlterMaterializedView,
  parseAlterTable,
  parseCancelAlter,
} from './parse/alter-table.ts'
import { parseCreateTable } from './parse/create-table.ts'
import {
  parseClean,
  parseAlterCatalog,
  parseAlterDatabase,
  parseAlterView,
  parseCreateCatalog,
  parseCreateDatabase,
  parseCreateIndex,
  parseCreateMaterializedView,
  parseCreateView,
  parseDropObject,
  parseRecover,
  parseRefresh,
  skipRest,
} from './parse/create.ts'
import { createCursor } from './parse/cursor.ts'
import type { Cursor } from './parse/cursor.ts'
import {
  parseAfterWith,
  parseBegin,
  parseDelete,
  parseEnd,
  parseInsert,
  parseTruncate,
  parseUpdate,
} from './parse/data.ts'
import { readExpression, readValue } from './parse/expression.ts'
import { parseExpression, parseQuery } from './parse/grammar.ts'
import type { Grammar } from './parse/grammar.ts'
import { parseGrant } from './parse/grant.ts'
import { identifier, identifierOrString, integer, string } from './parse/name.ts'
import { parseDeallocate, parseExecute, parseExecuteAs } from './parse/prepare.ts'
import { parseCancelExport, parseExport } from './parse/export.ts'
import { parseCancelLoad, parseLoad } from './parse/load.ts'
import { parseDropTask, parseTaskHead } from './parse/task.ts'
import { readContinuation, readQuery } from './parse/query.ts'
import { parseKill, parseSet, parseUse } from './parse/set.ts'
import { isNodeStatement, parseNodeStatement } from './parse/system.ts'
import { parseDescribe, parseShow } from './parse/show.ts'
import {
  parseAlterRole,
  parseAlterUser,
  parseCreateRole,
  parseCreateUser,
  parseDropRole,
  parseDropUser,
} from './parse/user.ts'
import { syntaxError } from './sql-error.ts'

/** Four times the largest MySQL packet: longer texts are loads in disguise, and Stream Load is there for them. */
const maxTextLength = 64 * 1024 * 1024

/** A text is one network request; more statements than this in one are a script for the client to split. */
const maxStatements = 10_000

export interface ParseOptions {
  /** sql_mode holds PIPES_AS_CONCAT: `||` joins strings. Otherwise it is OR, as in StarRocks' default mode. */
  readonly pipesAsConcat?: boolean
  /** sql_mode holds ANSI_QUOTES: "x" is an identifier. */
  readonly ansiQuotes?: boolean
  /** sql_mode holds MODE_DOUBLE_LITERAL: a number with a point is a DOUBLE. Otherwise it is a DECIMAL. */
  readonly doubleLiterals?: boolean
}

/** Splits on `;` and parses each statement; empty ones vanish. Throws SqlError 1064 for the first that cannot be read. */
export const parseStatements = (
  text: string,
  options: ParseOptions = {},
): readonly ParsedStatement[] => {
  const cursor = open(text, options)
  const statements: ParsedStatement[] = []
  for (;;) {
    while (cursor.take(';'));
    const first = cursor.peek()
    if (first.kind === 'end') return statements
    cursor.reset()
    const statement = parseStatement(cursor)
    if (cursor.peek().kind !== 'end' && !cursor.is(';')) cursor.fail("<EOF>, ';'")
    const end = cursor.previousEnd()
    statements.push({
      statement,
      text: text.slice(first.start, end),
      start: first.start,
      end,
      // Those of a statement that is prepared are its own.
      parameters: statement.kind === 'prepare' ? 0 : cursor.parameters(),
      hints: statement.kind === 'prepare' ? [] : [...cursor.hints],
      files: statement.kind === 'prepare' ? [] : [...cursor.files],
    })
    if (statements.length > maxStatements)
      cursor.refuse(`The text holds more than ${maxStatements} statements.`)
  }
}

/** One expression and nothing else: load mappings and filters, stored defaults and generated columns. */
export const parseExpressionText = (text: string, options: ParseOptions = {}): Expression => {
  const cursor = open(text, options)
  const expression = parseExpression(cursor)
  if (cursor.peek().kind !== 'end') cursor.fail('<EOF>')
  return expression
}

const grammar: Grammar = {
  expression: readExpression,
  value: readValue,
  query: readQuery,
  continueQuery: readContinuation,
}

const open = (text: string, options: ParseOptions): Cursor => {
  if (text.length > maxTextLength) {
    throw syntaxError('', 0, `The statement is longer than ${maxTextLength} characters.`)
  }
  const { ansiQuotes = false, pipesAsConcat = false, doubleLiterals = false } = options
  const reading = { ansiQuotes, pipesAsConcat, doubleLiterals, grammar }
  return createCursor(text, tokensOf(text, { ansiQuotes }), reading)
}

type Parser = (cursor: Cursor) => Statement

const parseStatement: Parser = (cursor) => cursor.nest(() => readStatement(cursor))

const select: Parser = (cursor) => ({ kind: 'select', query: parseQuery(cursor) })

/** By first keyword. */
const parsers: Readonly<Record<string, Parser>> = {
  SELECT: select,
  '(': select,
  VALUES: select,
  WITH: (cursor) => parseAfterWith(cursor),
  EXPLAIN: (cursor) => parseExplain(cursor),
  DESC: (cursor) => parseExplain(cursor),
  DESCRIBE: (cursor) => parseExplain(cursor),
  INSERT: parseInsert,
  UPDATE: (cursor) => parseUpdate(cursor, []),
  DELETE: (cursor) => parseDelete(cursor, []),
  TRUNCATE: parseTruncate,
  BEGIN: parseBegin,
  START: (cursor) => (cursor.is('START', 'TRANSACTION') ? parseBegin(cursor) : other(cursor)),
  COMMIT: parseEnd,
  ROLLBACK: parseEnd,
  CREATE: (cursor) => parseCreate(cursor),
  ALTER: (cursor) => parseAlter(cursor),
  DROP: (cursor) => parseDrop(cursor),
  CLEAN: parseClean,
  REFRESH: parseRefresh,
  CANCEL: (cursor) => {
    if (cursor.is('CANCEL', 'ALTER')) return parseCancelAlter(cursor)
    if (isNodeStatement(cursor)) return parseNodeStatement(cursor)
    if (cursor.is('CANCEL', 'EXPORT')) return parseCancelExport(cursor)
    if (cursor.is('CANCEL', 'LOAD')) return parseCancelLoad(cursor)
    return cursor.is('CANCEL', 'REFRESH', 'MATERIALIZED') ? parseRefresh(cursor) : other(cursor)
  },
  EXPORT: (cursor) => (cursor.is('EXPORT', 'TABLE') ? parseExport(cursor) : other(cursor)),
  LOAD: (cursor) => (cursor.is('LOAD', 'LABEL') ? parseLoad(cursor) : other(cursor)),
  RECOVER: parseRecover,
  SET: parseSet,
  USE: parseUse,
  SHOW: parseShow,
  KILL: parseKill,
  PREPARE: (cursor) => parsePrepare(cursor),
  EXECUTE: (cursor) => (cursor.is('EXECUTE', 'AS') ? parseExecuteAs(cursor) : parseExecute(cursor)),
  DEALLOCATE: parseDeallocate,
  SUBMIT: (cursor) => parseSubmit(cursor),
  GRANT: parseGrant,
  REVOKE: parseGrant,
  ADMIN: parseAdmin,
  ANALYZE: parseAnalyze,
  SYNC: (cursor) => {
    cursor.next()
    return { kind: 'sync' }
  },
  HELP: (cursor) => {
    cursor.next()
    return { kind: 'help', topic: identifierOrString(cursor) }
  },
}

/** StarRocks' statements that begin with a word of their own and that this engine refuses by name. */
const known: ReadonlySet<string> = new Set(
  `BACKUP RESTORE STOP PAUSE RESUME SUSPEND INSTALL UNINSTALL ADD LOCK UNLOCK TRACE CANCEL CALL
  OPTIMIZE REPLACE HANDLER DO FLUSH RESET CHECKSUM REPAIR TRANSLATE RETRY START`.split(/\s+/),
)

const readStatement: Parser = (cursor) => {
  const { keyword } = cursor.peek()
  const parser = Object.hasOwn(parsers, keyword) ? parsers[keyword] : undefined
  if (parser !== undefined) return parser(cursor)
  if (known.has(keyword)) return other(cursor)
  return cursor.fail('a legal statement')
}

const other: Parser = (cursor) => {
  const { keyword } = cursor.next()
  return { kind: 'unsupported', what: skipRest(cursor, keyword) }
}

/** PREPARE name FROM a statement, or FROM its text. */
const parsePrepare: Parser = (cursor) => {
  cursor.expect('PREPARE')
  const name = identifier(cursor)
  cursor.expect('FROM')
  const at = cursor.peek().start
  if (cursor.peek().kind === 'string') {
    const { ansiQuotes, pipesAsConcat, doubleLiterals } = cursor
    const options = { ansiQuotes, pipesAsConcat, doubleLiterals }
    const [prepared, more] = parseStatements(string(cursor), options)
    if (!prepared || more) return cursor.refuse('A prepared statement is one statement.', at)
    return { kind: 'prepare', name, prepared }
  }
  const statement = parseStatement(cursor)
  const end = cursor.previousEnd()
  const text = cursor.text.slice(at, end)
  const [parameters, hints, files] = [cursor.parameters(), [...cursor.hints], [...cursor.files]]
  return {
    kind: 'prepare',
    name,
    prepared: { statement, text, start: at, end, parameters, hints, files },
  }
}

/** SUBMIT TASK [name] AS {CREATE TABLE AS SELECT | INSERT}. */
const parseSubmit: Parser = (cursor) => {
  const { name, database } = parseTaskHead(cursor)
  if (!cursor.is('AS')) return { kind: 'unsupported', what: skipRest(cursor, 'SUBMIT TASK') }
  cursor.expect('AS')
  const at = cursor.peek().start
  const statement = parseStatement(cursor)
  if (statement.kind !== 'insert' && statement.kind !== 'createTableAs')
    return cursor.refuse('A task is a CREATE TABLE AS SELECT or an INSERT.', at)
  const definition = cursor.text.slice(at, cursor.previousEnd())
  return { kind: 'submitTask', name, database, statement, definition }
}

const explainModes: Readonly<Record<string, ExplainMode>> = {
  LOGICAL: 'logical',
  VERBOSE: 'verbose',
  COSTS: 'costs',
  ANALYZE: 'analyze',
}

const explainable: ReadonlySet<string> = new Set([
  'SELECT',
  'WITH',
  'INSERT',
  'UPDATE',
  'DELETE',
  '(',
  'CREATE',
  'VALUES',
  'LOGICAL',
  'VERBOSE',
  'COSTS',
  'ANALYZE',
])

const parseExplain: Parser = (cursor) => {
  if (!explainable.has(cursor.peek(1).keyword)) return parseDescribe(cursor)
  cursor.next()
  const word = cursor.peek().keyword
  const mode = Object.hasOwn(explainModes, word) ? explainModes[word] : undefined
  if (mode !== undefined) cursor.next()
  const at = cursor.peek().start
  const statement = parseStatement(cursor)
  if (!['select', 'insert', 'update', 'delete', 'createTableAs'].includes(statement.kind)) {
    cursor.refuse('EXPLAIN needs a query, INSERT, UPDATE, DELETE or CREATE TABLE AS SELECT.', at)
  }
  return { kind: 'explain', mode: mode ?? 'normal', statement }
}

const parseCreate: Parser = (cursor) => {
  if (isVolumeStatement(cursor)) return parseCreateVolume(cursor)
  if (isResourceGroupStatement(cursor)) return parseCreateResourceGroup(cursor)
  switch (cursor.peek(1).keyword) {
    case 'TABLE':
    case 'TEMPORARY':
      return parseCreateTable(cursor)
    case 'EXTERNAL':
      return cursor.peek(2).keyword === 'CATALOG'
        ? parseCreateCatalog(cursor)
        : parseCreateTable(cursor)
    case 'CATALOG':
      return parseCreateCatalog(cursor)
    case 'DATABASE':
    case 'SCHEMA':
      return parseCreateDatabase(cursor)
    case 'VIEW':
      return parseCreateView(cursor)
    case 'OR':
      return cursor.peek(3).keyword === 'VIEW' ? parseCreateView(cursor) : other(cursor)
    case 'MATERIALIZED':
      return parseCreateMaterializedView(cursor)
    case 'INDEX':
      return parseCreateIndex(cursor)
    case 'USER':
      return parseCreateUser(cursor)
    case 'ROLE':
      return cursor.peek(2).keyword === 'MAPPING' ? other(cursor) : parseCreateRole(cursor)
    case 'ANALYZE':
      return parseCreateAnalyze(cursor)
    default:
      return other(cursor)
  }
}

const parseAlter: Parser = (cursor) => {
  if (isVolumeStatement(cursor)) return parseAlterVolume(cursor)
  if (isResourceGroupStatement(cursor)) return parseAlterResourceGroup(cursor)
  if (isNodeStatement(cursor)) return parseNodeStatement(cursor)
  switch (cursor.peek(1).keyword) {
    case 'TABLE':
      return parseAlterTable(cursor)
    case 'CATALOG':
      return parseAlterCatalog(cursor)
    case 'DATABASE':
      return parseAlterDatabase(cursor)
    case 'VIEW':
      return parseAlterView(cursor)
    case 'MATERIALIZED':
      return parseAlterMaterializedView(cursor)
    case 'USER':
      return parseAlterUser(cursor)
    case 'ROLE':
      return cursor.peek(2).keyword === 'MAPPING' ? other(cursor) : parseAlterRole(cursor)
    default:
      return other(cursor)
  }
}

const parseDrop: Parser = (cursor) => {
  if (isVolumeStatement(cursor)) return parseDropVolume(cursor)
  if (isResourceGroupStatement(cursor)) return parseDropResourceGroup(cursor)
  const found = parseDropObject(cursor)
  if (found !== undefined) return found
  switch (cursor.peek(1).keyword) {
    case 'USER':
      return parseDropUser(cursor)
    case 'ROLE':
      return cursor.peek(2).keyword === 'MAPPING' ? other(cursor) : parseDropRole(cursor)
    case 'STATS':
      return parseDropStats(cursor)
    case 'PREPARE':
      return parseDeallocate(cursor)
    case 'TASK':
      return parseDropTask(cursor)
    case 'ANALYZE':
      cursor.expect('DROP', 'ANALYZE')
      return { kind: 'dropAnalyze', id: integer(cursor) }
    case 'ALL':
      cursor.expect('DROP', 'ALL', 'ANALYZE', 'JOB')
      return { kind: 'dropAnalyze', id: undefined }
    default:
      return other(cursor)
  }
}
