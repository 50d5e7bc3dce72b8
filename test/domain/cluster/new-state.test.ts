/**
 * A state or a kind of change that is added to the core cannot be forgotten: a copy of the sources gets one more of each, and the
 * compiler has to ask at every place that must answer. The places are listed here in full, so that a table of states that the
 * compiler cannot check is noticed as well: whoever adds a place adds a line.
 */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryDirectory } from '../../support/process/directory.ts'

const ROOT = join(import.meta.dirname, '../../..')
const STATE = 'state-of-the-test'
const VERB = 'verb-of-the-test'

/** Every table and every decision by state; a file stands here once for each. */
const askedForState = [
  'dialect/alibaba/states.ts: instanceStatusOf',
  'dialect/alibaba/states.ts: nodeGroupStatusOf',
  'dialect/tencent/states.ts: codeOfState',
  'domain/cluster/lifecycle.ts: clusterLifecycle',
  'domain/cluster/lifecycle.ts: stateTraits',
  'reconcile/cluster/plan.ts: plan',
]

/** Both clouds' words of a change. */
const askedForVerb = [
  'dialect/alibaba/operation-types.ts: typesOfVerb',
  'dialect/alibaba/states.ts: statusOfChange',
  'dialect/tencent/emr/flow/view.ts: flowNames',
  'dialect/tencent/emr/oplog/word.ts: logRows',
  'dialect/tencent/states.ts: codeOfChange',
]

test('a state and a change that are added are asked for wherever they must be answered', (t) => {
  const copy = temporaryDirectory(t)
  for (const folder of ['src', 'engines', 'package.json'])
    cpSync(join(ROOT, folder), join(copy, folder), { recursive: true })
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'))
  replace(join(copy, 'src/domain/cluster/lifecycle.ts'), "  | 'deleted'\n", `  | '${STATE}'\n`)
  replace(join(copy, 'src/domain/operation.ts'), "  'downgrade',\n", `  '${VERB}',\n`)
  const found = compile(copy)
  const naming = (word: string) =>
    found.filter(({ message }) => message.includes(word)).map(({ place }) => place)
  // A switch that lacks a case is reported without its name.
  const lacking = found
    .filter(({ message }) => /lacks ending return statement/.test(message))
    .map(({ place }) => place)
  assert.deepEqual([...naming(STATE), ...lacking].toSorted(), askedForState.toSorted())
  assert.deepEqual(naming(VERB).toSorted(), askedForVerb.toSorted())
})

/** Adds a line behind the first one like `line`. */
function replace(file: string, line: string, added: string): void {
  const text = readFileSync(file, 'utf8')
  assert.ok(text.includes(line), file)
  writeFileSync(file, text.replace(line, `${line}${added}`))
}

interface Problem {
  /** `file: declaration` */
  readonly place: string
  readonly message: string
}

function compile(copy: string): readonly Problem[] {
  const config = { extends: join(ROOT, 'tsconfig.json'), include: [join(copy, 'src')] }
  writeFileSync(join(copy, 'tsconfig.json'), JSON.stringify(config))
  const compiler = join(ROOT, 'node_modules', '.bin', 'tsc')
  // Threads would each resolve the same types again: twice the processor time, which other tests need.
  const args = ['-p', copy, '--pretty', 'false', '--singleThreaded']
  const { stdout, status } = spawnSync(compiler, args, { cwd: copy, encoding: 'utf8' })
  assert.notEqual(status, 0)
  return [...stdout.matchAll(/^src\/(\S+)\((\d+),\d+\): error (.*)$/gm)].map(
    ([, file = '', line = '', message = '']) => ({
      place: `${file}: ${declarationAt(join(copy, 'src', file), Number(line))}`,
      message,
    }),
  )
}

/** The name that is declared at the line, or last before it. */
function declarationAt(file: string, line: number): string {
  const before = readFileSync(file, 'utf8').split('\n').slice(0, line)
  const declared = before.findLast((each) => /^(export )?(const|function) /.test(each)) ?? ''
  return /(?:const|function) (\w+)/.exec(declared)?.[1] ?? ''
}
