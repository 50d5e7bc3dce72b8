/** The SQL prompt: lines become statements at their `;`, Ctrl-C ends the statement and not the program, Ctrl-D the program. */
import { createInterface, type Interface } from 'node:readline'
import { HISTORY_MAX, type History } from './history.ts'
import { runStatement, type Stage } from './run.ts'
import { cutStatements, type Open } from './statement.ts'

const HELP = `
  statement ;     runs it; a statement may have as many lines as it likes
  statement \\G    the same, with one column a line
  \\h  help        this text
  \\c              forget what was typed of a statement
  \\q  exit quit   end; so does Ctrl-D
  Ctrl-C          ends the statement that runs, or forgets what was typed
`

const FIRST = 'sql> '
const FURTHER: Readonly<Record<Open, string>> = {
  '': '  -> ',
  "'": "  '> ",
  '"': '  "> ',
  '`': '  `> ',
  '/*': ' /*> ',
}

export interface PromptOptions {
  readonly stage: Stage
  readonly history: History
  readonly input?: NodeJS.ReadStream
  readonly output?: NodeJS.WriteStream
}

/** Returns when the user leaves. Throws when the connection is lost. */
export async function promptLoop(options: PromptOptions): Promise<void> {
  const { stage, history, input = process.stdin, output = process.stdout } = options
  const lines = [...history.lines]
  const editor = createInterface({ input, output, history: lines, historySize: HISTORY_MAX })
  let pending = ''
  let running = false
  const ask = () => {
    editor.setPrompt(pending === '' ? FIRST : FURTHER[cutStatements(pending).open])
    editor.prompt()
  }
  editor.on('SIGINT', () => {
    if (running) return void cancel(stage)
    pending = ''
    stage.aside('^C\n')
    clearTyped(editor)
    ask()
  })
  // The editor remembers lines; statements are what is worth remembering.
  editor.on('history', (all: string[]) => void all.shift())
  ask()
  try {
    for await (const line of editor) {
      const word = pending === '' ? line.trim().replace(/;$/, '').toLowerCase() : line.trim()
      if (['\\q', 'exit', 'quit'].includes(word)) return
      if (['\\h', 'help', '\\c'].includes(word)) {
        if (word === '\\c') pending = ''
        else stage.aside(`${HELP}\n`)
        ask()
        continue
      }
      const { statements, rest } = cutStatements(`${pending}${line}\n`)
      pending = rest
      running = true
      for (const statement of statements) {
        remember(editor, history.add(`${statement.text}${statement.vertical ? '\\G' : ';'}`))
        await runStatement(stage, statement)
      }
      running = false
      ask()
    }
    stage.aside('\n')
  } finally {
    editor.close()
  }
}

async function cancel({ session, aside }: Stage): Promise<void> {
  try {
    await session.cancel()
  } catch (problem) {
    aside(`it could not be cancelled: ${(problem as Error).message}\n`)
  }
}

/** The editor's own list, which the typings do not know: it is what the arrow keys walk through. */
function remember(editor: Interface, line: string | undefined): void {
  const { history } = editor as Interface & { history?: string[] }
  if (line !== undefined && history && history[0] !== line) history.unshift(line)
}

function clearTyped(editor: Interface): void {
  editor.write(null, { ctrl: true, name: 'e' })
  editor.write(null, { ctrl: true, name: 'u' })
}
