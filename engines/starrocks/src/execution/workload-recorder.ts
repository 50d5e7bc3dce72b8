/**
 * What an engine reports of its work to whoever runs it: how many statements were slow and how many loads failed, since a day at most. Of
 * what clients sent it keeps the words and names of the slowest statement, and no literal: those may be anybody's data.
 */
import type { Clock } from '../../../../src/kernel/clock.ts'
import { lex } from '../sql/lex.ts'

export interface WorkloadDigest {
  /** When it began to count; it starts over with the first entry of another day. */
  readonly sinceMs: number
  readonly slowStatements: number
  readonly slowestMs: number
  /** Without literals; cut where it is long. */
  readonly slowest: string
  /** That had begun. */
  readonly failedLoads: number
  /** `database.table` of the last one. */
  readonly failedTable: string
}

export interface WorkloadRecorder {
  /** Ended, however it ended. */
  statement(text: string, tookMs: number): void
  failedLoad(table: string): void
  digest(): WorkloadDigest
  /** Statements that ended since the process began. */
  readonly statements: number
}

const DAY_MS = 86_400_000
/** A longer text is not worth reading again: its beginning says what it is. */
const READ_LENGTH = 16_384
const SHOWN_LENGTH = 200

export function workloadRecorder(
  clock: Pick<Clock, 'now'>,
  slowMs: () => number,
): WorkloadRecorder {
  let digest = emptyDigest(clock.now())
  let statements = 0
  const today = () => {
    const nowMs = clock.now()
    const isOver = Math.floor(nowMs / DAY_MS) !== Math.floor(digest.sinceMs / DAY_MS)
    return isOver ? emptyDigest(nowMs) : digest
  }
  return {
    statement(text, tookMs) {
      statements++
      if (tookMs < slowMs()) return
      const was = today()
      const isSlowest = tookMs > was.slowestMs || was.slowStatements === 0
      digest = {
        ...was,
        slowStatements: was.slowStatements + 1,
        ...(isSlowest ? { slowestMs: tookMs, slowest: withoutLiterals(text) } : {}),
      }
    },
    failedLoad(failedTable) {
      const was = today()
      digest = { ...was, failedLoads: was.failedLoads + 1, failedTable }
    },
    digest: () => digest,
    get statements() {
      return statements
    },
  }
}

function emptyDigest(sinceMs: number): WorkloadDigest {
  return {
    sinceMs,
    slowStatements: 0,
    slowestMs: 0,
    slowest: '',
    failedLoads: 0,
    failedTable: '',
  }
}

const LITERALS: ReadonlySet<string> = new Set(['string', 'integer', 'decimal', 'double', 'bytes'])

/** Comments are gone with the literals. */
function withoutLiterals(text: string): string {
  const words = wordsOf(text)
  const shown = words.join(' ')
  return shown.length <= SHOWN_LENGTH ? shown : `${shown.slice(0, SHOWN_LENGTH)}…`
}

function wordsOf(text: string): readonly string[] {
  const [first = ''] = /^\s*[a-z]{0,20}/i.exec(text) ?? []
  if (text.length > READ_LENGTH) return [first.trim(), '…']
  try {
    return (
      lex(text)
        .filter(({ kind }) => kind !== 'end' && kind !== 'hint')
        // A word that begins with a digit may be a number in another notation.
        .map(({ kind, text: word }) => (LITERALS.has(kind) || /^\d/.test(word) ? '?' : word))
    )
  } catch {
    // What cannot be read is not repeated.
    return [first.trim(), '…']
  }
}
