import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { connect, demandDurable } from '../../../src/store/sqlite/connection.ts'
import { openSqliteStore } from '../../../src/store/sqlite/store.ts'
import { temporaryDirectory } from '../../support/process/directory.ts'

test('the connection that writes flushes the log with every commit', (t) => {
  const writing = connect(join(temporaryDirectory(t), 'emrys.db'), { readOnly: false })
  t.after(() => writing.close())
  assert.equal(writing.first('pragma synchronous', [])?.['synchronous'], 2)
  assert.equal(writing.first('pragma journal_mode', [])?.['journal_mode'], 'wal')
  demandDurable(writing)
})

test('a connection that flushes less is refused, by what it does', (t) => {
  const writing = connect(join(temporaryDirectory(t), 'emrys.db'), { readOnly: false })
  t.after(() => writing.close())
  writing.exec('pragma synchronous = normal')
  assert.throws(() => demandDurable(writing), /synchronous is 1, not 2/)
  writing.exec('pragma synchronous = full; pragma journal_mode = delete')
  assert.throws(() => demandDurable(writing), /journal_mode is delete, not wal/)
})

test('a store is not opened where commits cannot be on the disk', () => {
  assert.throws(() => openSqliteStore(':memory:'), /cannot promise .* journal_mode is memory/)
})
