/**
 * Where the command writes. Colours only on a terminal, and not where NO_COLOR asks for none
 * (no-color.org) or the terminal says that it is dumb.
 */
import { stripVTControlCharacters, styleText } from 'node:util'
import { widthOf } from './connect/cell.ts'

export type Style = 'bold' | 'dim' | 'green' | 'yellow' | 'red' | 'cyan'

export interface Terminal {
  /** Whether standard output is a terminal that can redraw. */
  readonly live: boolean
  /** Columns of the terminal; undefined when output goes to a file or a pipe, which has no edge. */
  readonly columns: number | undefined
  paint(style: Style, text: string): string
  /** A line on standard output. */
  line(text: string): void
  /** Shows `lines` in place of those shown before by it; only on a live terminal. */
  redraw(lines: readonly string[]): void
}

export function terminal(stream: NodeJS.WriteStream = process.stdout, env = process.env): Terminal {
  const live = stream.isTTY && env['TERM'] !== 'dumb'
  const colours = live && (env['NO_COLOR'] ?? '') === ''
  let shown = 0
  let heard = false
  const write = (text: string) => {
    if (!heard) stream.on('error', endWithoutReader)
    heard = true
    stream.write(text)
  }
  return {
    live,
    get columns() {
      return stream.isTTY ? stream.columns : undefined
    },
    // styleText would ask the stream again; the decision is made above, once.
    paint: (style, text) => (colours ? styleText(style, text, { validateStream: false }) : text),
    line: (text) => write(`${text}\n`),
    redraw(lines) {
      // Up to the first line shown before, and clear from there to the end of the screen.
      const back = shown > 0 ? `\u001b[${shown}F\u001b[J` : ''
      const fitting = onScreen(lines, stream)
      shown = fitting.reduce((sum, line) => sum + rowsOf(line, stream), 0)
      write(`${back}${fitting.join('\n')}\n`)
    },
  }
}

/** A reader that went away (`emrys clusters --watch | head -1`) has seen enough: what it leaves is no error, and nothing is to do. */
function endWithoutReader(problem: NodeJS.ErrnoException): void {
  if (problem.code !== 'EPIPE') throw problem
  process.exit()
}

/** As many of the lines as the screen holds; the last row says how many it does not. */
function onScreen(lines: readonly string[], stream: NodeJS.WriteStream): readonly string[] {
  // The cursor stands in a row of its own below them.
  const rows = Math.max(1, (stream.rows || 25) - 1)
  const whole = lines.reduce((sum, line) => sum + rowsOf(line, stream), 0)
  if (whole <= rows) return lines
  const shown: string[] = []
  let left = rows - 1
  for (const line of lines) {
    left -= rowsOf(line, stream)
    if (left < 0) break
    shown.push(line)
  }
  return [...shown, `… ${lines.length - shown.length} more lines`]
}

/** A line that is wider than the terminal continues in its next row. */
function rowsOf(line: string, { columns }: NodeJS.WriteStream): number {
  if (!columns) return 1
  return Math.max(1, Math.ceil(widthOf(stripVTControlCharacters(line)) / columns))
}
