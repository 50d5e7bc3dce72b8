/** The house style that a machine can hold. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { limits } from '../../src/limits.ts'
import { sourceFiles } from './source.ts'

const sources = sourceFiles('src')
const everything = [
  ...sources,
  ...sourceFiles('test'),
  ...sourceFiles('scripts'),
  ...sourceFiles('bench'),
]

const LINES_MAX = 400

/** Names that say nothing about what is inside. */
const EMPTY_NAMES = /(^|\/)(utils?|common|helpers?|misc|manager|index)(\/|\.ts$)/

/** Words of the vendors' own, which stop at the dialects and the engines. */
const VENDOR_WORDS = /alibaba|aliyun|tencent|qcloud|\bcvm\b|\bemr-vm\b|\bacs3\b|\btc3\b|maxcompute/i
const MAY_NAME_VENDORS = [
  /^dialect\//,
  /^cli\//,
  /^admin\//,
  /^console\/vendor\.ts$/,
  /^server\//,
  /^config\//,
  /^testing\//,
  /^limits\.ts$/,
  /^gateway\/(development|host)\.ts$/,
]

test('no file is longer than the bound', () => {
  const long = everything
    .filter((file) => file.lines.length - 1 > LINES_MAX)
    .map((file) => `${file.path}: ${file.lines.length - 1}`)
  assert.deepEqual(long, [])
  assert.ok(everything.length > 100)
})

test('files are named for what is in them, in kebab-case', () => {
  const wrong = everything
    .filter((file) => EMPTY_NAMES.test(file.path) || /[A-Z_ ]/.test(file.path))
    .map((file) => file.path)
  assert.deepEqual(wrong, [])
})

test('vendor words stop at the dialects and the engines', () => {
  const wrong = sources
    .filter((file) => !MAY_NAME_VENDORS.some((place) => place.test(file.path)))
    .flatMap((file) =>
      code(file.lines)
        .filter((line) => VENDOR_WORDS.test(line))
        .map((line) => `${file.path}: ${line.trim()}`),
    )
  assert.deepEqual(wrong, [])
})

test('nothing reads the clock but the clock, and nothing logs but the log', () => {
  const wrong = sources
    .filter(
      (file) =>
        !['kernel/clock.ts', 'kernel/log.ts'].includes(file.path) && !file.path.startsWith('cli/'),
    )
    .flatMap((file) =>
      code(file.lines)
        .filter((line) =>
          /\bDate\.now\(|new Date\(\)|\bconsole\.(log|error|warn|info|debug|trace|dir|table)\b/.test(
            line,
          ),
        )
        .map((line) => `${file.path}: ${line.trim()}`),
    )
  assert.deepEqual(wrong, [])
})

test('nothing imports a value of node:http, which loads all of fetch (kernel/http.ts)', () => {
  // What test suites load stands by itself.
  const ours = [
    ...sources.filter((file) => !file.path.startsWith('testing/')),
    ...sourceFiles('engines').filter((file) => /^[a-z-]+\/(src\/|service\.ts)/.test(file.path)),
  ]
  const wrong = ours
    .filter((file) =>
      /^(?:import|export) (?!type )(?:[^'(]*? from )?'(?:node:)?http'/m.test(file.text),
    )
    .map((file) => file.path)
  assert.deepEqual(wrong, [])
  assert.ok(
    ours.some((file) => file.text.includes(`import type { IncomingMessage } from 'node:http'`)),
  )
})

test('nothing is left to do, and no test is switched off', () => {
  const marks = /\b(TODO|FIXME|XXX)\b|not implemented/
  const left = sources.flatMap((file) =>
    file.lines.filter((line) => marks.test(line)).map((line) => `${file.path}: ${line.trim()}`),
  )
  const off = sourceFiles('test').flatMap((file) =>
    file.lines
      .filter((line) => /\b(test|it|describe|suite)\.(only|todo)\(|\bonly: true/.test(line))
      .map((line) => `${file.path}: ${line.trim()}`),
  )
  assert.deepEqual([...left, ...off], [])
})

test('no regular expression is built while the program runs', () => {
  // `match`, `matchAll` and `search` make one of a text that they are given; a client that searches a directory does not.
  const building = /\bRegExp\s*\(|(?<!\bclient)\.(match|matchAll|search)\((?!\/|[A-Z_]+\))/
  const engines = sourceFiles('engines').filter((file) => /^[a-z]+\/src\//.test(file.path))
  assert.ok(engines.length > 150, `saw only ${engines.length} files of engines`)
  const built = [...sources, ...engines].flatMap((file) =>
    code(file.lines)
      .filter((line) => building.test(line))
      .map((line) => `${file.path}: ${line.trim()}`),
  )
  assert.deepEqual(built, [])
})

test('what clients send as JSON is parsed in one place, which bounds it', () => {
  const proved = 'return JSON.parse(envelope.diagnosis) as Diagnosis'
  const parsing = sources
    .filter((file) => /^(dialect|gateway|shape)\//.test(file.path))
    .flatMap((file) =>
      code(file.lines)
        .filter((line) => line.includes('JSON.parse(') && line.trim() !== proved)
        .map(() => file.path),
    )
  assert.deepEqual(parsing, ['shape/json-text.ts'])
})

test('every limit that is declared is held somewhere', () => {
  const loose = Object.keys(limits).filter(
    (name) => !sources.some((file) => new RegExp(`\\blimits\\.${name}\\b`).test(file.text)),
  )
  assert.deepEqual(loose, [])
})

test('every port and every file that is not a plain action begins by saying what it is for', () => {
  const silent = sources
    .filter((file) => !/^(#!.*\n)?\/\*\*/.test(file.text))
    .map((file) => file.path)
  assert.deepEqual(silent, [])
})

/** Lines without comments: prose may name a vendor as the source of a fact. */
function code(lines: readonly string[]): readonly string[] {
  return lines.filter((line) => !/^\s*(\/\/|\/\*\*|\*)/.test(line))
}
