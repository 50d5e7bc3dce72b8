import assert from 'node:assert/strict'
import { test } from 'node:test'
import { committedRows } from '../../../src/store/sqlite/committed-rows.ts'

/** A connection whose answers tell them apart. */
function counting(rows = 1) {
  let asked = 0
  const answer = () => Array.from({ length: rows }, () => ({ asked }))
  return {
    all: () => (asked++, answer()),
    first: () => (asked++, rows === 0 ? undefined : { asked }),
    asked: () => asked,
  }
}

test('the same statement is asked once between two commits, another one or other values again', () => {
  const connection = counting()
  const rows = committedRows(connection)
  const first = rows.all('select 1', ['a', 1])
  assert.equal(rows.all('select 1', ['a', 1]), first)
  assert.notDeepEqual(rows.all('select 1', ['a', '1']), first)
  assert.notDeepEqual(rows.all('select 2', ['a', 1]), first)
  rows.first('select 1', ['a', 1])
  assert.equal(connection.asked(), 4)
  rows.forget()
  assert.notDeepEqual(rows.all('select 1', ['a', 1]), first)
})

test('that there is no row is remembered too', () => {
  const connection = counting(0)
  const rows = committedRows(connection)
  assert.deepEqual([rows.first('x', []), rows.first('x', [])], [undefined, undefined])
  assert.equal(connection.asked(), 1)
})

test('only so many rows are kept', () => {
  const connection = counting(5_000)
  const rows = committedRows(connection)
  for (const value of [1, 2, 3, 4]) rows.all('x', [value])
  rows.all('x', [1])
  assert.equal(connection.asked(), 5)
})
