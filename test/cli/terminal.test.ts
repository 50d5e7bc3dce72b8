import assert from 'node:assert/strict'
import { test } from 'node:test'
import { terminal } from '../../src/cli/terminal.ts'

function stream(isTTY: boolean) {
  let written = ''
  const write = (text: string) => (written += text)
  const fake = { isTTY, columns: 80, rows: 4, write, on() {} } as unknown as NodeJS.WriteStream
  return { fake, written: () => written }
}

test('colours are for terminals, unless NO_COLOR or a dumb terminal says otherwise', () => {
  const painted = (isTTY: boolean, env: NodeJS.ProcessEnv) =>
    terminal(stream(isTTY).fake, env).paint('green', 'x')
  assert.equal(painted(true, {}), '\u001b[32mx\u001b[39m')
  assert.equal(painted(false, {}), 'x')
  assert.equal(painted(true, { NO_COLOR: '1' }), 'x')
  assert.equal(painted(true, { NO_COLOR: '' }), '\u001b[32mx\u001b[39m')
  assert.equal(painted(true, { TERM: 'dumb' }), 'x')
})

test('a pipe has no width, and nothing is redrawn there', () => {
  const pipe = terminal(stream(false).fake, {})
  assert.deepEqual([pipe.columns, pipe.live], [undefined, false])
})

test('redrawing goes back over what was shown, and never beyond the screen', () => {
  const { fake, written } = stream(true)
  const live = terminal(fake, {})
  live.redraw(['1', '2', '3', '4', '5'])
  live.redraw(['a'])
  assert.equal(written(), '1\n2\n… 3 more lines\n\u001b[3F\u001b[Ja\n')
})

test('a line that is wider than the terminal is gone back over with all its rows', () => {
  const { fake, written } = stream(true)
  const live = terminal(fake, {})
  const wide = `\u001b[32m${'x'.repeat(81)}\u001b[39m`
  live.redraw([wide])
  live.redraw(['a'])
  assert.equal(written(), `${wide}\n\u001b[2F\u001b[Ja\n`)
  live.redraw(['1', wide, '2'])
  assert.ok(written().endsWith('\u001b[1F\u001b[J1\n… 2 more lines\n'))
})
