import assert from 'node:assert/strict'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { test, type TestContext } from 'node:test'
import { openHistory } from '../../../src/cli/connect/history.ts'
import { askPassword } from '../../../src/cli/connect/password.ts'
import { promptLoop } from '../../../src/cli/connect/prompt.ts'
import type { Stage } from '../../../src/cli/connect/run.ts'
import { SqlProblem, type SqlSession } from '../../../src/cli/connect/session.ts'
import { temporaryDirectory } from '../../support/process/directory.ts'

/** A terminal without a screen: what is typed arrives as keys, what is shown is kept. */
async function terminalOf(
  t: TestContext,
  session: Partial<SqlSession>,
  before?: (input: NodeJS.ReadStream & { fd: 0 }) => Promise<unknown>,
) {
  const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => input })
  const output = Object.assign(new PassThrough(), { isTTY: true, columns: 80 })
  let shown = ''
  const watchers = new Set<() => void>()
  const show = (text: string) => {
    shown += text
    for (const look of watchers) look()
  }
  let prompts = ''
  output.on('data', (piece: Buffer) => {
    prompts += piece.toString('utf8')
    for (const look of watchers) look()
  })
  const ran: string[] = []
  const stage: Stage = {
    session: {
      version: '',
      async run(sql, writer) {
        ran.push(sql)
        writer.fields([{ name: 'n', numeric: true }])
        writer.row(['7'])
        writer.end()
        return { rows: 1, affected: 0 }
      },
      cancel: async () => {},
      close() {},
      ...session,
    },
    form: 'table',
    width: () => 80,
    watched: true,
    paint: (_style, text) => text,
    line: (text) => show(`${text}\n`),
    aside: show,
  }
  const history = openHistory(join(temporaryDirectory(t), 'history'))
  const streams = { input, output } as unknown as {
    input: NodeJS.ReadStream
    output: NodeJS.WriteStream
  }
  await before?.(streams.input as NodeJS.ReadStream & { fd: 0 })
  return {
    ran,
    history,
    shown: () => shown,
    type: (keys: string) => void input.write(keys),
    /** Resolves once something of the kind was shown, or the line editor has prompted so. */
    until: (pattern: RegExp) =>
      new Promise<void>((resolve) => {
        const look = () => (pattern.test(shown) || pattern.test(prompts) ? resolve() : undefined)
        watchers.add(look)
        look()
      }),
    done: promptLoop({ stage, history, ...streams }),
  }
}

test('a statement may have several lines, is run at its end and shown as a table', async (t) => {
  const it = await terminalOf(t, {})
  it.type('select n\rfrom t\r;select 2;\r')
  await it.until(/\(1 row, [\d.]+ s\)[^]*\(1 row/)
  it.type('\\q\r')
  await it.done
  assert.deepEqual(it.ran, ['select n\nfrom t', 'select 2'])
  assert.match(it.shown(), / n\n───\n 7\n/)
  assert.deepEqual(it.history.lines, ['select 2;', 'select n from t;'])
})

test('statements pasted in one go with the password are run after the log-in', async (t) => {
  const question = new PassThrough() as unknown as NodeJS.WriteStream & { fd: 2 }
  const it = await terminalOf(t, {}, async (input) => {
    const answer = askPassword('Password: ', input, question)
    ;(input as unknown as PassThrough).write('S3cret-1\rselect 1;\rselect\r2;\r')
    assert.equal(await answer, 'S3cret-1')
    // More is typed while the connection is made.
    ;(input as unknown as PassThrough).write('select 3;\r\\q\r')
    await new Promise(setImmediate)
  })
  await it.done
  assert.deepEqual(it.ran, ['select 1', 'select\n2', 'select 3'])
})

test('help helps, Ctrl-D ends, and neither is sent to the server', async (t) => {
  const it = await terminalOf(t, {})
  it.type('\\h\r')
  await it.until(/Ctrl-C\s+ends the statement/)
  it.type('\u0004')
  await it.done
  assert.deepEqual(it.ran, [])
})

test('Ctrl-C ends the statement that runs, after a second of which its time is shown, and not the program', async (t) => {
  const running = Promise.withResolvers<never>()
  let runs = 0
  const it = await terminalOf(t, {
    async run() {
      if (runs++ > 0) return { rows: undefined, affected: 3 }
      return running.promise
    },
    async cancel() {
      running.reject(new SqlProblem('ERROR 1317 (70100): Query execution was interrupted'))
    },
  })
  it.type('select sleep(1000);\r')
  await it.until(/1\.\d s … Ctrl-C cancels it/)
  it.type('\u0003')
  await it.until(/ERROR 1317 \(70100\)/)
  it.type('insert into t select 1;\r')
  await it.until(/\(done, 3 rows affected, /)
  it.type('exit\r')
  await it.done
})

test('Ctrl-C at the prompt forgets what was typed', async (t) => {
  const it = await terminalOf(t, {})
  it.type("drop table 'half\r")
  await it.until(/'> /)
  it.type('more\u0003')
  await it.until(/\^C/)
  it.type('select 1;\r')
  await it.until(/1 row/)
  it.type('quit\r')
  await it.done
  assert.deepEqual(it.ran, ['select 1'])
})

test('a statement with a password is run, and neither kept in the file nor recalled by the arrow keys', async (t) => {
  const it = await terminalOf(t, {})
  it.type('select 1;\r')
  it.type("create user u identified by 'S3cret';\r")
  await it.until(/1 row[^]*1 row/)
  // One key up: what comes back is the statement before.
  it.type('\u001b[A\r')
  await it.until(/1 row[^]*1 row[^]*1 row/)
  it.type('\\q\r')
  await it.done
  assert.deepEqual(it.ran, ['select 1', "create user u identified by 'S3cret'", 'select 1'])
  assert.deepEqual(it.history.lines, ['select 1;'])
})

test('a connection that is lost ends the prompt with its reason', async (t) => {
  const it = await terminalOf(t, {
    run: async () => {
      throw new Error('the connection is lost')
    },
  })
  it.type('select 1;\r')
  await assert.rejects(it.done, /the connection is lost/)
})
