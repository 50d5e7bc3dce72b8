import assert from 'node:assert/strict'
import { test } from 'node:test'
import { unflatten } from '../../src/shape/flat.ts'

const plain = (value: unknown) => JSON.parse(JSON.stringify(value)) as unknown

test('dotted names become nested objects', () => {
  const flat = unflatten([
    ['A', '1'],
    ['B.C', '2'],
    ['B.D.0', '3'],
    ['B.D.1.E', '4'],
  ])
  assert.deepEqual(plain(flat), { A: '1', B: { C: '2', D: { '0': '3', '1': { E: '4' } } } })
})

test('names that contradict each other or nest too deep are refused', () => {
  assert.equal(
    unflatten([
      ['A', '1'],
      ['A.B', '2'],
    ]),
    undefined,
  )
  assert.equal(
    unflatten([
      ['A.B', '2'],
      ['A', '1'],
    ]),
    undefined,
  )
  assert.equal(unflatten([[Array(13).fill('x').join('.'), '1']]), undefined)
  assert.equal(unflatten([['.'.repeat(1_000_000), '1']]), undefined)
})

test('the names of built-in members are names like any other', () => {
  const flat = unflatten([
    ['__proto__.polluted', '1'],
    ['constructor', '2'],
  ])
  assert.equal(({} as Record<string, unknown>)['polluted'], undefined)
  assert.equal(flat?.['constructor'], '2')
})
