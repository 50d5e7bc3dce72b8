import assert from 'node:assert/strict'
import { test } from 'node:test'
import { exampleText } from '../../src/shape/example.ts'
import {
  integer,
  list,
  object,
  optional,
  text,
  type Static,
  type TSchema,
} from '../../src/shape/shape.ts'

const example = (shape: TSchema) =>
  exampleText(shape as unknown as Readonly<Record<string, unknown>>)

test('a value is shown as a client writes it', () => {
  assert.equal(example(text({ example: 'vpc-1' })), 'vpc-1')
  assert.equal(example(integer({ example: 8 })), '8')
  assert.equal(example(list(text({ example: 'a' }))), '["a"]')
})

test('an object is shown by what it must have, or by one member where it must have none', () => {
  const needed = object({
    Id: text({ example: 'vpc-1' }),
    Note: optional(text({ example: 'x' })),
    Kind: text({ default: 'a', example: 'b' }),
  })
  const value: Static<typeof needed> = { Id: 'vpc-1', Kind: 'b' }
  assert.equal(example(needed), JSON.stringify({ Id: value.Id }))
  assert.equal(example(object({ Note: optional(text({ example: 'x' })) })), '{"Note":"x"}')
  assert.equal(example(object({ Note: text() }, { example: { Note: 'y' } })), '{"Note":"y"}')
})

test('what declares none has none', () => {
  assert.equal(example(text({ max: 3 })), undefined)
  assert.equal(example(object({ Note: text() })), undefined)
  assert.equal(example(list(text())), undefined)
})
