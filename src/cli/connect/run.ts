/** Runs statements one by one and shows their results, how long they take, and why they were refused. */
import { showProgress } from '../progress.ts'
import type { Style } from '../terminal.ts'
import { resultWriter, type Form } from './result.ts'
import { SqlProblem, type Done, type SqlSession } from './session.ts'
import type { Statement } from './statement.ts'

export interface Stage {
  readonly session: SqlSession
  readonly form: Form
  /** Columns of the terminal that results go to, undefined when they go elsewhere. */
  readonly width: () => number | undefined
  /** Whether standard error is a terminal: then a long statement shows its time there. */
  readonly watched: boolean
  readonly paint: (style: Style, text: string) => string
  /** A line of results. */
  readonly line: (text: string) => void
  /** Text beside the results: progress and refusals. */
  readonly aside: (text: string) => void
}

/** False when the server refused it, which has been reported then. Throws when the connection is lost. */
export async function runStatement(stage: Stage, statement: Statement): Promise<boolean> {
  const { session, form, paint, aside } = stage
  const startedMs = performance.now()
  const progress = showProgress({
    text: 'Ctrl-C cancels it',
    watched: stage.watched,
    dim: (text) => paint('dim', text),
    aside,
  })
  const writer = resultWriter({
    form,
    width: stage.width(),
    vertical: statement.vertical,
    dim: (text) => paint('dim', text),
    line(text) {
      progress.end()
      stage.line(text)
    },
  })
  try {
    const done = await session.run(statement.text, writer)
    progress.end()
    if (form === 'table')
      stage.line(paint('dim', summary(done, (performance.now() - startedMs) / 1000)))
    return true
  } catch (problem) {
    progress.end()
    if (!(problem instanceof SqlProblem)) throw problem
    aside(`${problem.message}\n`)
    return false
  } finally {
    progress.end()
  }
}

function summary({ rows, affected }: Done, seconds: number): string {
  const time = `${seconds.toFixed(seconds < 10 ? 3 : 1)} s`
  const counted = (count: number) => `${count} ${count === 1 ? 'row' : 'rows'}`
  if (rows !== undefined) return `(${counted(rows)}, ${time})`
  return affected > 0 ? `(done, ${counted(affected)} affected, ${time})` : `(done, ${time})`
}
