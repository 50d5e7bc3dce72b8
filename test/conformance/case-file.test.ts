import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseCaseFile } from '../../scripts/conformance/case-file.ts'

const TEXT = `-- name: test_first @sequential @slow
create table t(a int,
  b int)
-- a comment inside
;
-- result:
-- !result

[UC]select now();
[ORDER]select a from t
order by a;
-- result:
1
2
-- !result
shell: curl -T x.csv http://h/
-- result:
0
{"Status": "Success"}
-- !result
function: wait_alter_table_finish()
LOOP {
  PROPERTY: {"timeout": 2}
  r=select 1;
} END LOOP
x=select 4;
-- name: test_empty
-- name: second-one
select ";
";
-- result:
E: (1064, 'no')
-- !result
`

test('a case file is read as its statements with what was recorded', () => {
  const cases = parseCaseFile(TEXT)
  assert.deepEqual(
    cases.map(({ name, tags }) => [name, tags]),
    [
      ['test_first', ['sequential', 'slow']],
      ['second-one', []],
    ],
  )
  assert.deepEqual(
    cases[0]?.steps.map(({ kind, text, expected }) => [kind, text, expected]),
    [
      ['sql', 'create table t(a int,\n  b int)\n;', ''],
      ['sql', 'select now();', ''],
      ['sql', 'select a from t\norder by a;', '1\n2'],
      ['shell', 'curl -T x.csv http://h/', '0\n{"Status": "Success"}'],
      ['function', 'wait_alter_table_finish()', ''],
      ['block', 'LOOP {\n  PROPERTY: {"timeout": 2}\n  r=select 1;\n} END LOOP', ''],
      ['sql', 'select 4;', ''],
    ],
  )
})

test('the marks before a statement are read and are no part of it', () => {
  const steps = parseCaseFile(TEXT)[0]?.steps ?? []
  assert.deepEqual(
    steps.map((step) => step.unchecked),
    [false, true, false, false, false, false, false],
  )
  assert.equal(steps[2]?.ordered, true)
  assert.equal(steps[6]?.variable, 'x')
})
