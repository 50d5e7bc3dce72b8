/**
 * What was typed at the prompt, for the next time: one statement a line, in a file that only its owner may read. Statements that
 * set a password are never kept.
 */
import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { cutStatements } from './statement.ts'

export interface History {
  /** Newest first, as the line editor wants them. */
  readonly lines: readonly string[]
  /** What is remembered of a statement; undefined for one that is not to be. */
  add(statement: string): string | undefined
}

export const HISTORY_MAX = 1000
/** Far longer ones were pasted, and are kept where they came from. */
const STATEMENT_MAX = 4096
/** Words beside which StarRocks and MySQL take a password or a key. */
const SECRET = /\b(identified|password|passwd|secret|credential|access_?key)/i

export function historyFile(env: Readonly<Record<string, string | undefined>>): string {
  const state = env['XDG_STATE_HOME'] ?? join(homedir(), '.local', 'state')
  return join(state, 'emrys', 'sql-history')
}

export function openHistory(file: string): History {
  const lines = read(file)
  return {
    lines,
    add(statement) {
      const line = oneLine(statement)
      if (line === undefined) return undefined
      if (lines[0] !== line) lines.unshift(line)
      lines.length = Math.min(lines.length, HISTORY_MAX)
      write(file, lines)
      return line
    },
  }
}

function oneLine(statement: string): string | undefined {
  if (SECRET.test(statement) || statement.length > STATEMENT_MAX) return undefined
  // A comment to the end of its line would swallow what comes behind it, and a text of several lines would become another one.
  const ends = [...statement.matchAll(/\n/g)].map(({ index }) => index)
  const open = (end: number) => cutStatements(statement.slice(0, end)).open !== ''
  if (/(--\s|#).*\n/.test(statement) || ends.some(open)) return undefined
  const line = statement.replaceAll(/\s*\n\s*/g, ' ').trim()
  return line === '' ? undefined : line
}

function read(file: string): string[] {
  try {
    const text = readFileSync(file, 'utf8')
    return text
      .split('\n')
      .filter((line) => line !== '')
      .toReversed()
      .slice(0, HISTORY_MAX)
  } catch {
    return [] // The first time there is none; one that cannot be read is as good as none.
  }
}

function write(file: string, lines: readonly string[]): void {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    const aside = `${file}.${process.pid}`
    writeFileSync(aside, `${lines.toReversed().join('\n')}\n`, { mode: 0o600 })
    chmodSync(aside, 0o600)
    renameSync(aside, file)
  } catch {
    // A home that cannot be written to is no reason to end a session.
  }
}
