import assert from 'node:assert/strict'
import { test } from 'node:test'
import { leavesOut } from '../../scripts/conformance/runner-step.ts'

test('a step that does not apply leaves out the rows that it would have written', () => {
  const step = { expected: '', unchecked: false, ordered: false }
  const cases = [
    ['sql', 'create external table t(a int);', true],
    ['sql', 'explain select 1;', false],
    ['sql', "admin enable failpoint 'x' on backend;", true],
    ['sql', "admin disable failpoint 'x' on backend;", false],
    ['shell', 'ls', true],
    ['function', 'prepare_data("tpch", "db")', true],
    ['function', 'wait_analyze_finish("db", "t", "select 1")', false],
    ['block', 'LOOP {\n  r=select 1;\n} END LOOP', false],
    ['block', 'CONCURRENCY {\n-- thread name 1:\nshell: curl x\n} END CONCURRENCY', true],
    ['block', 'CONCURRENCY {\ninsert into t values (1);\n} END CONCURRENCY', true],
  ] as const
  for (const [kind, text, expected] of cases)
    assert.equal(leavesOut({ ...step, kind, text }, text), expected, text)
})
