import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { Fault } from '../../../../src/domain/fault.ts'
import type { SignedRequest } from '../../../../src/gateway/signed-request.ts'
import { parametersOf, textParameter } from '../../../../src/dialect/alibaba/wire/parameters.ts'

function request(query: string, body: string | Uint8Array = '', contentType?: string) {
  const headers = contentType === undefined ? {} : { 'content-type': contentType }
  return { method: 'POST', path: '/', query, headers, body: Buffer.from(body) } as SignedRequest
}

function refusal(it: SignedRequest): Fault {
  try {
    parametersOf(it)
  } catch (problem) {
    return problem as Fault
  }
  throw new Error('not refused')
}

test('query and body are read together, and the body wins in whatever case', () => {
  const it = request('ClusterId=c-1&RegionId=r&PageSize=5', '{"clusterid":"c-2","status":"S"}')
  assert.deepEqual(parametersOf(it), {
    RegionId: 'r',
    PageSize: '5',
    clusterid: 'c-2',
    status: 'S',
  })
})

test('absent, null and empty are one, at any depth that is declared', () => {
  const body = '{"A":null,"B":"","C":[{"D":"","E":null,"F":0}],"G":false}'
  assert.deepEqual(parametersOf(request('H=&I&J=1', body)), { J: '1', C: [{ F: 0 }], G: false })
  assert.deepEqual(parametersOf(request('A=1', 'null')), { A: '1' })
  assert.deepEqual(parametersOf(request('A=1', '{"A":null}')), { A: '1' })
})

test('a query is decoded as UTF-8, with plus for space', () => {
  const read = parametersOf(request('Name=a+b%2Bc%20%E6%98%9F&Tag=%5B%7B%22Key%22%3A%22k%22%7D%5D'))
  assert.deepEqual(read, { Name: 'a b+c 星', Tag: '[{"Key":"k"}]' })
})

test('any text survives the query', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 1 }), (text) => {
      fc.pre(text.isWellFormed())
      const { A } = parametersOf(request(`A=${encodeURIComponent(text)}`))
      assert.equal(A, text)
    }),
  )
})

test('whatever cannot be read is refused, never guessed', () => {
  const cases: readonly [SignedRequest, string][] = [
    [request('A=%zz'), 'RequestMalformed'],
    [request('A=%ff%fe'), 'RequestMalformed'],
    [request('', '{"A":1'), 'RequestMalformed'],
    [request('', 'A=1'), 'RequestMalformed'],
    [request('', '[1]'), 'RequestMalformed'],
    [request('', '"text"'), 'RequestMalformed'],
    [request('', '7'), 'RequestMalformed'],
    [request('', Buffer.from([0x7b, 0xff, 0x7d])), 'RequestMalformed'],
    [request('', '{}', 'text/xml'), 'MediaTypeRefused'],
    [request('', '{}', 'application/x-www-form-urlencoded'), 'MediaTypeRefused'],
    [request('', '{}', 'application/json; charset=gbk'), 'MediaTypeRefused'],
  ]
  for (const [it, code] of cases) assert.equal(refusal(it).code, code, it.query)
})

test('JSON is known by each name that the clients give it', () => {
  for (const type of [
    undefined,
    'application/json',
    'application/json; charset=utf-8',
    'application/json;charset="UTF-8"',
    'application/octet-stream',
  ])
    assert.deepEqual(parametersOf(request('', '{"A":1}', type)), { A: 1 })
  assert.deepEqual(parametersOf(request('', '', 'text/plain')), {})
  assert.deepEqual(parametersOf(request('', '\uFEFF{"A":1}')), { A: 1 })
})

test('names that objects inherit are parameters like any other', () => {
  const read = parametersOf(request('constructor=1&__proto__=2', '{"__proto__":{"x":1}}'))
  assert.deepEqual(Object.entries(read), [
    ['constructor', '1'],
    ['__proto__', { x: 1 }],
  ])
  assert.equal(({} as Record<string, unknown>)['x'], undefined)
})

test('a body that is deeper or wider than any is refused before it is parsed', () => {
  const deep = `{"A":${'['.repeat(100_000)}${']'.repeat(100_000)}}`
  const wide = `{"A":[${'1,'.repeat(100_000)}1]}`
  for (const [body, detail] of [
    [deep, 'it nests deeper than 32 levels'],
    [wide, 'it has more than 10000 values'],
  ] as const)
    assert.throws(() => parametersOf(request('', body)), {
      code: 'RequestMalformed',
      facts: { detail },
    })
})

test('a text parameter is found in any case, and only when it is a text', () => {
  assert.equal(textParameter({ regionID: 'r' }, 'RegionId'), 'r')
  assert.equal(textParameter({ RegionId: 7 }, 'RegionId'), undefined)
  for (const raw of [undefined, null, [], 'RegionId'])
    assert.equal(textParameter(raw, 'RegionId'), undefined)
})
