/** The house style of Emrys, held for the engine's own files. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sourceFiles } from '../../../../test/architecture/source.ts'

const LINES_MAX = 400
/** Names that say nothing about what is inside. */
const EMPTY_NAMES = /(^|\/)(utils?|common|helpers?|misc|manager|index|core)(\/|\.ts$)/

const everything = sourceFiles('engines').filter((file) => file.path.startsWith('starrocks/'))
const sources = everything.filter((file) => file.path.startsWith('starrocks/src/'))

test('no file is longer than the bound', () => {
  const long = everything
    .filter((file) => file.lines.length - 1 > LINES_MAX)
    .map((file) => `${file.path}: ${file.lines.length - 1}`)
  assert.deepEqual(long, [])
  assert.ok(everything.length > 250, `saw only ${everything.length} files`)
})

test('files are named for what is in them, in kebab-case', () => {
  const wrong = everything
    .filter((file) => EMPTY_NAMES.test(file.path) || /[A-Z_ ]/.test(file.path))
    .map((file) => file.path)
  assert.deepEqual(wrong, [])
})

test('every source file begins by saying what it is for', () => {
  const silent = sources.filter((file) => !file.text.startsWith('/**')).map((file) => file.path)
  assert.deepEqual(silent, [])
})

test('nothing is left to do', () => {
  const marks = /\b(TODO|FIXME|XXX)\b|(?<!Multi-Warehouse is )not implemented/
  const left = sources.flatMap((file) =>
    file.lines.filter((line) => marks.test(line)).map((line) => `${file.path}: ${line.trim()}`),
  )
  assert.deepEqual(left, [])
})

test('what a client sent is put between quotes in one place', () => {
  const doubling = /replaceAll\(\s*(["'`])['"]\1,\s*(["'`])(?:''|"")\2/
  const places = sources.filter((file) => doubling.test(file.text)).map((file) => file.path)
  assert.deepEqual(places, ['starrocks/src/sql/quote.ts'])
})
