import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Fault } from '../../../../src/domain/fault.ts'
import type { SignedRequest } from '../../../../src/gateway/signed-request.ts'
import { actionNameOf, locate } from '../../../../src/dialect/alibaba/wire/route.ts'
import { actions } from '../../../../src/dialect/alibaba/actions.ts'
import { knownActions } from '../../../../src/dialect/alibaba/wire/known-actions.ts'

function request(members: Partial<SignedRequest> & { version?: string } = {}): SignedRequest {
  const { version = '2022-10-19', headers, ...rest } = members
  return {
    method: 'POST',
    path: '/webapi/starrocks/describeInstances',
    query: '',
    body: new Uint8Array(),
    ...rest,
    headers: { 'x-acs-version': version, ...headers },
  }
}

function refusal(it: SignedRequest): string {
  try {
    return locate(it).name
  } catch (problem) {
    return (problem as Fault).code
  }
}

test('verb and path decide, with or without the action in a header', () => {
  assert.equal(locate(request()).name, 'DescribeInstances')
  const named = request({ headers: { 'x-acs-action': 'DescribeInstances' } })
  assert.equal(locate(named).name, 'DescribeInstances')
  assert.equal(locate(request({ path: '/webapi/tags' })).name, 'TagResources')
  assert.equal(locate(request({ path: '/webapi/tags', method: 'DELETE' })).name, 'UnTagResources')
})

test('whatever contradicts the service is refused by name', () => {
  const unbuilt = knownActions.filter(({ name }) => !actions.some((it) => it.name === name))
  const cases: readonly [SignedRequest, string][] = [
    [request({ path: '/webapi/starrocks/describeInstances/' }), 'ActionUnknown'],
    [request({ path: '/webapi/STARROCKS/describeInstances' }), 'ActionUnknown'],
    [request({ path: '/' }), 'ActionUnknown'],
    [request({ headers: { 'x-acs-action': 'ReleaseInstance' } }), 'ActionUnknown'],
    [request({ method: 'GET' }), 'MethodRefused'],
    [request({ version: '2021-01-01' }), 'VersionUnknown'],
    [request({ version: '' }), 'VersionUnknown'],
    ...unbuilt.map(({ method, path }): [SignedRequest, string] => [
      request({ method, path }),
      'ActionNotBuilt',
    ]),
  ]
  for (const [it, code] of cases) assert.equal(refusal(it), code, `${it.method} ${it.path}`)
})

test('a refused request is known by its verb and path', () => {
  assert.equal(actionNameOf(request({ version: 'x' })), 'DescribeInstances')
  assert.equal(actionNameOf(request({ method: 'GET' })), undefined)
  assert.equal(actionNameOf(request({ path: '/nowhere' })), undefined)
})
