import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { writeSection } from '../../bench/document.ts'
import { spread, spreadText } from '../../bench/spread.ts'
import { temporaryDirectory } from '../support/process/directory.ts'

const section = { name: 'requests', heading: 'Requests', command: 'npm run bench -- server' }

test('what the bench found replaces what it found before, with the machine and the date, and nothing else', (t) => {
  const file = join(temporaryDirectory(t), 'performance.md')
  writeFileSync(file, '# Performance\n\nBy hand.\n')
  writeSection({ ...section, rows: [{ What: 'create', Aim: '1' }] }, file)
  writeSection({ ...section, name: 'start', heading: 'Start', rows: [{ What: 'package' }] }, file)
  const first = readFileSync(file, 'utf8')
  assert.match(first, /^# Performance\n\nBy hand\.\n\n<!-- bench: requests -->\n\n## Requests\n/)
  assert.match(first, /\n\| What \| Aim \|\n\| --- \| --- \|\n\| create \| 1 \|\n/)
  writeSection({ ...section, rows: [{ What: 'describe', Aim: '2' }], remarks: ['Said.'] }, file)
  const second = readFileSync(file, 'utf8')
  assert.match(second, /\| describe \| 2 \|\n\n- Said\.\n\n<!-- bench: end of requests -->/)
  assert.ok(!second.includes('| create | 1 |'))
  assert.match(second, /\| package \|/)
  assert.equal(second.split('## Requests').length, 2)
  const today = new Date().toISOString().slice(0, 10)
  assert.match(second, new RegExp(`bench -- server\` on ${today} .* ${cpus().length} cores `))
})

test('a figure is the median of its rounds, and how far they lay apart', () => {
  assert.equal(spreadText(spread([5, 1, 3]), 1), '3.0 (1.0 to 5.0)')
})
