import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Type as TypeBox } from 'typebox'
import { Type } from '../../src/shape/schema.ts'

/** One schema of every kind, made with a builder. */
function everyKind(it: typeof Type) {
  const word = it.String({ pattern: '^[a-z]+$', minLength: 2 })
  return it.Object(
    {
      list: it.Array(it.Object({ word, maybe: it.Optional(word) }), { minItems: 1 }),
      none: it.Object({ maybe: it.Optional(it.Null()) }),
      one: it.Union([it.Literal('a'), it.Literal(3), it.Literal(true), it.Null()]),
      byWord: it.Record(word, it.Integer({ minimum: 0 })),
      byName: it.Record(it.String(), it.Unknown()),
      flag: it.Boolean(),
      number: it.Number({ maximum: 5 }),
      other: it.Optional(it.Unsafe<string>({ type: 'string', enum: ['x'] })),
    },
    { additionalProperties: false },
  )
}

test('schemas are those that TypeBox would build, member by member in the same order', () => {
  assert.equal(JSON.stringify(everyKind(Type)), JSON.stringify(everyKind(TypeBox)))
})

test('what is optional in one object is not so elsewhere', () => {
  const word = Type.String()
  Type.Optional(word)
  assert.deepEqual(Type.Object({ word }), {
    type: 'object',
    required: ['word'],
    properties: { word: { type: 'string' } },
  })
})
