import assert from 'node:assert/strict'
import { test } from 'node:test'
import { statementStore } from '../../src/wire-mysql/prepared-statement.ts'
import type { PreparedStatement } from '../../src/session.ts'
import { done } from '../support/scripted-engine.ts'

const prepared: PreparedStatement = { parameterCount: 2, columns: [], execute: async () => done() }
const limits = { preparedStatements: 3, maxAllowedPacket: 2_000 }

test('statements are found by number until they are removed', () => {
  const store = statementStore(limits)
  const [first, second] = [store.add(prepared), store.add(prepared)]
  assert.notEqual(first.id, second.id)
  assert.equal(store.find(first.id), first)
  store.remove(first.id)
  assert.equal(store.find(first.id), undefined)
  assert.equal(store.find(second.id), second)
  store.clear()
  assert.equal(store.size, 0)
})

test('one statement more than the limit is refused with 1461 and leaves the others', () => {
  const store = statementStore(limits)
  for (let index = 0; index < 3; index++) store.add(prepared)
  assert.throws(() => store.add(prepared), { errno: 1461 })
  assert.equal(store.size, 3)
})

test('long data of all statements together stays below one packet, and room comes back', () => {
  const store = statementStore(limits)
  const [first, second] = [store.add(prepared), store.add(prepared)]
  store.appendLongData(first, 0, Buffer.alloc(1_000))
  store.appendLongData(second, 1, Buffer.alloc(1_000))
  assert.equal(second.longDataRefusal?.errno, 1105)
  assert.equal(second.longData.size, 0)
  store.dropLongData(second)
  store.remove(first.id)
  store.appendLongData(second, 1, Buffer.alloc(1_000))
  assert.equal(second.longDataRefusal, undefined)
  assert.equal(second.longData.get(1)?.length, 1)
})

test('long data sent byte by byte cannot hold more memory than its limit', () => {
  const store = statementStore(limits)
  const statement = store.add(prepared)
  for (let index = 0; index < 100; index++) store.appendLongData(statement, 0, Buffer.from('x'))
  assert.equal(statement.longDataRefusal?.errno, 1105)
})

test('long data for a parameter that does not exist is refused at the execution', () => {
  const store = statementStore(limits)
  const statement = store.add(prepared)
  store.appendLongData(statement, 2, Buffer.from('x'))
  assert.equal(statement.longDataRefusal?.errno, 1210)
})
