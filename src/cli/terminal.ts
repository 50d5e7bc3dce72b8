/**
 * Where the command writes. Colours only on a terminal, and not where NO_COLOR asks for none
 * (no-color.org) or the terminal says that it is dumb.
 */
import { styleText } from 'node:util'

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
  return {
    live,
    get columns() {
      return stream.isTTY ? stream.columns : undefined
    },
    // styleText would ask the stream again; the decision is made above, once.
    paint: (style, text) => (colours ? styleText(style, text, { validateStream: false }) : text),
    line: (text) => void stream.write(`${text}\n`),
    redraw(lines) {
      // Up to the first line shown before, and clear from there to the end of the screen.
      const back = shown > 0 ? `\u001b[${shown}F\u001b[J` : ''
      const fitting = lines.slice(0, Math.max(1, (stream.rows ?? 25) - 1))
      shown = fitting.length
      stream.write(`${back}${fitting.join('\n')}\n`)
    },
  }
}
