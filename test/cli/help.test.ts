import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Command } from 'commander'
import { fittedHelp } from '../../src/cli/help.ts'
import { addCommands } from '../../src/cli/commands.ts'
import { emrysProgram } from '../../src/cli/program.ts'
import { terminal } from '../../src/cli/terminal.ts'

test('sentences are wrapped, and an explanation goes below where it has no room beside', () => {
  const text = [
    'A sentence that is wider than this.',
    '',
    'Examples:',
    '  emrys short      does something that takes more words than fit',
    '  emrys with many --long words',
    '                   and this belongs to it',
    '  emrys fits       so',
  ].join('\n')
  assert.equal(fittedHelp(text, 200), text)
  assert.deepEqual(fittedHelp(text, 78).split('\n'), text.split('\n'))
  assert.deepEqual(fittedHelp(text, 34).split('\n'), [
    'A sentence that is wider than',
    'this.',
    '',
    'Examples:',
    '  emrys short',
    '      does something that takes',
    '      more words than fit',
    '  emrys with many --long words',
    '      and this belongs to it',
    '  emrys fits',
    '      so',
  ])
  const wide = '  short  does something that takes more words than fit beside it here'
  assert.deepEqual(fittedHelp(wide, 60).split('\n'), [
    '  short  does something that takes more words than fit',
    '         beside it here',
  ])
})

test('the help of every command fits 80 columns, but for what is to be copied', () => {
  const lines: string[] = []
  const out = {
    ...terminal(),
    columns: 80,
    line: (text: string) => lines.push(...text.split('\n')),
  }
  const commands = commandsOf(emrysProgram(out, addCommands))
  for (const command of commands) command.outputHelp()
  assert.equal(lines.filter((line) => line.startsWith('Usage: ')).length, commands.length)
  // A line that is typed, or that a program reads.
  for (const line of lines.filter(({ length }) => length > 80))
    assert.match(line, /^ {2}(?:emrys \w|eval )|^ {4}\{/)
})

function commandsOf(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(commandsOf)]
}
