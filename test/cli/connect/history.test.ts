import assert from 'node:assert/strict'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { historyFile, openHistory } from '../../../src/cli/connect/history.ts'
import { temporaryDirectory } from '../../support/process/directory.ts'

test('statements are there the next time, newest first, in a file of their own that no other user may read', (t) => {
  const file = join(temporaryDirectory(t), 'state', 'sql-history')
  const first = openHistory(file)
  first.add('select 1;')
  assert.equal(first.add('select 2\n  from t;'), 'select 2 from t;')
  first.add('select 2 from t;')
  assert.deepEqual(openHistory(file).lines, ['select 2 from t;', 'select 1;'])
  assert.equal(statSync(file).mode & 0o777, 0o600)
})

test('no statement that sets a password or a key is kept', (t) => {
  const file = join(temporaryDirectory(t), 'sql-history')
  const history = openHistory(file)
  history.add('select 1;')
  for (const secret of [
    "create user u identified by 'S3cret'",
    "ALTER USER u IDENTIFIED\nBY 'S3cret'",
    "set password = 'S3cret'",
    "set password for u = password('S3cret')",
    "create table t properties ('aws.s3.secret_key' = 'S3cret')",
    "select * from files('aws.s3.access_key' = 'S3cret')",
  ])
    assert.equal(history.add(secret), undefined, secret)
  assert.ok(!readFileSync(file, 'utf8').includes('S3cret'))
})

test('what would become another statement on one line is not remembered', (t) => {
  const history = openHistory(join(temporaryDirectory(t), 'sql-history'))
  assert.equal(history.add('select 1 -- one\n + 1;'), undefined)
  assert.equal(history.add("select 'two\nlines';"), undefined)
  assert.equal(history.add('x'.repeat(5000)), undefined)
})

test('it never grows beyond a thousand statements', (t) => {
  const file = join(temporaryDirectory(t), 'sql-history')
  const history = openHistory(file)
  for (let at = 0; at < 1010; at++) history.add(`select ${at};`)
  const { lines } = openHistory(file)
  assert.deepEqual([lines.length, lines[0], lines.at(-1)], [1000, 'select 1009;', 'select 10;'])
})

test('it is in the state directory of the user', () => {
  assert.equal(historyFile({ XDG_STATE_HOME: '/state' }), '/state/emrys/sql-history')
  assert.match(historyFile({}), /\.local\/state\/emrys\/sql-history$/)
})
