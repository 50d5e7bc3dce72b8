import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isOfSets, nativeFunctions } from '../../src/native/native-function.ts'
import { nativeForms } from '../../src/sql/emit/native.ts'

const written = { bytes: 'BLOB', bigint: 'BIGINT', double: 'DOUBLE', members: 'UBIGINT[]' } as const

test('what SQL says of a function is what the function is', () => {
  const functions = nativeFunctions
    .filter((native) => !isOfSets(native))
    .map(({ name, returns, nullable = false }) => [name, { returns: written[returns], nullable }])
  const forms = Object.entries(nativeForms).map(([name, form]) => [
    name,
    { returns: form.returns, nullable: 'nullable' in form },
  ])
  assert.deepEqual(Object.fromEntries(functions), Object.fromEntries(forms))
})
