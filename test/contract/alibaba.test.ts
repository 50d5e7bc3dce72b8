/**
 * Contract tests made from the declarations: whatever an action's input declares is broken in turn, and the refusal must be the
 * documented one. A member that is added to a declaration is tested from then on, without a line here.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import type { Action } from '../../src/gateway/action.ts'
import { actions } from '../../src/dialect/alibaba/actions.ts'
import { knownActions } from '../../src/dialect/alibaba/wire/known-actions.ts'
import {
  alibabaGate,
  credential,
  rootPrincipal,
  userPrincipal,
} from '../support/http/alibaba-gate.ts'
import type { GateAnswer, GateRequest } from '../support/http/alibaba-gate.ts'
import { preparedRequest } from '../support/http/alibaba-preparation.ts'
import {
  changeableBody,
  completeRequests,
  type Parameters,
} from '../support/http/alibaba-request.ts'
import { startCloud } from '../support/fixture/cloud.ts'

interface Schema {
  readonly type?: string
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly enum?: readonly unknown[]
  readonly default?: unknown
  readonly minimum?: number
  readonly maximum?: number
  readonly minItems?: number
  readonly maxItems?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly pattern?: string
}

type Path = readonly (string | number)[]

interface Breach {
  readonly title: string
  readonly request: Parameters
  readonly code: string
  readonly says: RegExp
}

test('every built action keeps its contract', async (t) => {
  const cloud = await startCloud(t)
  const gate = alibabaGate(cloud, {
    credentials: [
      credential('testAk', rootPrincipal),
      credential('nobodyAk', userPrincipal('nobody', [])),
      credential('closedAk', rootPrincipal, { active: false }),
      credential('STS.ak', rootPrincipal, { sessionToken: 'token', expiresMs: Date.now() + 1e6 }),
      credential('STS.old', rootPrincipal, { sessionToken: 'token', expiresMs: 1 }),
    ],
  })
  const send = (action: Action, parameters: Parameters, more: Partial<GateRequest> = {}) =>
    gate.send({
      path: action.route?.path ?? '',
      method: action.route?.method ?? '',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(parameters),
      ...more,
    })
  const requests = completeRequests('c-0')

  for (const action of actions) {
    const complete = requests[action.name] ?? {}
    const schema = action.input as unknown as Schema

    await t.test(`${action.name}: the complete request names every declared member`, () => {
      assert.deepEqual(
        Object.keys(schema.properties ?? {}).filter((name) => !(name in complete)),
        [],
      )
    })

    for (const broken of breachesOf(schema, complete)) {
      await t.test(`${action.name}: ${broken.title} is ${broken.code}`, async () => {
        const answer = await send(action, broken.request)
        expectRefusal(answer, action.name, { status: 400, code: broken.code })
        assert.match(answer.body.Message, broken.says)
        assert.ok(!JSON.stringify(answer.body).includes('1qaz@QAZ'))
      })
    }

    const problems: readonly [string, number, string, Partial<GateRequest>][] = [
      ['an unknown key', 404, 'InvalidAccessKeyId.NotFound', { keyId: 'strangerAk' }],
      ['a disabled key', 400, 'InvalidAccessKeyId.Inactive', { keyId: 'closedAk' }],
      ['a wrong secret', 400, 'SignatureDoesNotMatch', { secret: 'wrong' }],
      ['a wrong secret, ROA', 400, 'SignatureDoesNotMatch', { secret: 'wrong', signature: 'roa' }],
      ['a signature too old', 400, 'InvalidTimeStamp.Expired', { agoMs: 901_000 }],
      ['a signature of the future', 400, 'InvalidTimeStamp.Expired', { agoMs: -1_000_000 }],
      ['an STS key without its token', 400, 'MissingSecurityToken', { keyId: 'STS.ak' }],
      [
        'an STS key with a wrong token',
        400,
        'InvalidSecurityToken.MismatchWithAccessKey',
        { keyId: 'STS.ak', token: 'other' },
      ],
      [
        'an STS key that has expired',
        400,
        'InvalidSecurityToken.Expired',
        { keyId: 'STS.old', token: 'token' },
      ],
      ['no signature', 400, 'MissingAccessKeyId', { tamper: without('authorization') }],
      [
        'an Authorization of no known form',
        400,
        'IncompleteSignature',
        { tamper: withHeader('authorization', 'Basic YTpi') },
      ],
      [
        'an unknown algorithm',
        400,
        'InvalidSignatureMethod',
        { tamper: withHeader('authorization', 'ACS3-HMAC-SM3 Credential=a') },
      ],
      [
        'a date of no known form',
        400,
        'InvalidTimeStamp.Format',
        { tamper: withHeader('x-acs-date', 'yesterday') },
      ],
      ['another version', 400, 'NoSuchVersion', { version: '2015-01-01' }],
      ['another verb', 400, 'UnsupportedHTTPMethod', { method: 'PUT' }],
      [
        'another action in the header',
        404,
        'InvalidAction.NotFound',
        { action: action.name === 'ModifyCu' ? 'ModifyDiskSize' : 'ModifyCu' },
      ],
      ['a user without permission', 403, 'Forbidden.RAM', { keyId: 'nobodyAk' }],
    ]
    for (const [what, status, code, more] of problems) {
      await t.test(`${action.name}: ${what} is ${code}`, async () => {
        expectRefusal(await send(action, complete, more), action.name, { status, code })
      })
    }

    await t.test(`${action.name}: the same nonce twice is refused`, async () => {
      const nonce = `twice-${action.name}`
      await send(action, { RegionId: 7 }, { nonce })
      const answer = await send(action, complete, { nonce })
      expectRefusal(answer, action.name, { status: 400, code: 'SignatureNonceUsed' })
    })
  }

  for (const action of actions) {
    await t.test(
      `${action.name}: the complete request is accepted, with members nobody declared and keys in any case`,
      async () => {
        const created = await gate.send({
          path: '/webapi/cluster/createV1',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(changeableBody()),
        })
        await cloud.settle()
        const instance: string = created.body.Data.InstanceId
        const complete = await preparedRequest(cloud, action.name, instance)
        const shouted = Object.entries(complete).map(([name, value]) => [name.toUpperCase(), value])
        const parameters = { ...Object.fromEntries(shouted), SecurityGroupId: 'sg-1', Cu: 8 }
        const { status, body } = await send(action, parameters)
        assert.equal(status, 200, JSON.stringify(body))
        await cloud.settle()
      },
    )
  }
})

test('every action that the service declares and that is not built is refused by its name', async (t) => {
  const gate = alibabaGate(await startCloud(t))
  const built = new Set(actions.map(({ name }) => name))
  const others = knownActions.filter(({ name }) => !built.has(name))
  assert.equal(others.length, 95 - built.size)
  for (const { name, method, path } of others) {
    const answer = await gate.send({ path, method, action: name })
    assert.equal(answer.status, 400)
    assert.equal(answer.body.Code, 'UnsupportedOperation')
    assert.ok(answer.body.Message.includes(` ${name} `))
  }
})

test('whatever is sent, no answer is an internal error', async (t) => {
  const gate = alibabaGate(await startCloud(t))
  const names = actions.flatMap(({ input }) => Object.keys((input as Schema).properties ?? {}))
  const requests = completeRequests('c-0')
  const junk = fc.object({ key: fc.constantFrom(...names), maxDepth: 3 })
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...actions), junk, fc.boolean(), async (action, it, over) => {
      const { method = '', path = '' } = action.route ?? {}
      const parameters = over ? { ...requests[action.name], ...it } : it
      const headers = { 'content-type': 'application/json' }
      const sent = { method, path, headers, body: JSON.stringify(parameters) }
      const { status, body } = await gate.send(sent)
      assert.ok(status < 500, JSON.stringify(body))
      assert.ok(body.RequestId)
    }),
    { numRuns: 1000 },
  )
})

function expectRefusal(
  { status, headers, body }: GateAnswer,
  action: string,
  wanted: { readonly status: number; readonly code: string },
): void {
  assert.equal(body.Code, wanted.code, JSON.stringify(body))
  assert.equal(status, wanted.status)
  assert.equal(headers['x-acs-request-id'], body.RequestId)
  assert.match(body.RequestId, /^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/)
  assert.equal(body.HostId, 'starrocks.cn-hangzhou.aliyuncs.com')
  assert.ok(
    body.Recommend.includes(`q=${wanted.code}&product=starrocks&requestId=${body.RequestId}`),
  )
  // Tagging answers in the gateway's words only; everything else in both. The verb of a wrong verb names no action.
  const both = !/^(Un)?TagResources$/i.test(action) && wanted.code !== 'UnsupportedHTTPMethod'
  const [code = '', ...others] = spellings[action] ?? ['ErrCode', ...usual]
  const [message = '', success = '', httpStatus = ''] = others.length > 0 ? others : usual
  assert.equal(body[code], both ? wanted.code : undefined)
  assert.equal(body[message], both ? body.Message : undefined)
  assert.equal(body[success], both ? false : undefined)
  assert.equal(body[httpStatus], both ? status : undefined)
}

const usual = ['ErrMessage', 'Success', 'HttpStatusCode'] as const

/** Of actions that name the product's keys in another way (3.1): code, and where they differ message, success and status. */
const spellings: Readonly<Record<string, readonly string[]>> = {
  DescribeResourceConstraints: ['ErrorCode'],
  RenewInstance: ['ErrorCode'],
  QueryRefundPrice: ['errCode', 'errMessage', 'success', 'httpStatusCode'],
}

function* breachesOf(schema: Schema, request: Parameters, at: Path = []): Generator<Breach> {
  for (const [name, member] of Object.entries(schema.properties ?? {})) {
    const path = [...at, name]
    if (schema.required?.includes(name) && member.default === undefined)
      yield omitted(request, path)
    yield* valueBreaches(member, request, path)
  }
}

function* valueBreaches(schema: Schema, request: Parameters, path: Path): Generator<Breach> {
  const wrongType: Readonly<Record<string, unknown>> = {
    string: { a: 1 },
    integer: 'one',
    boolean: 'maybe',
    array: 5,
    object: 5,
  }
  yield breach(request, path, {
    title: 'of the wrong type',
    value: wrongType[schema.type ?? ''],
    code: 'InvalidParameter',
    says: new RegExp(`^The specified parameter ${wireName(path)} is not valid\\.( |$)`),
  })
  const value = (title: string, broken: unknown, says: RegExp) =>
    breach(request, path, { title, value: broken, code: 'InvalidParams', says })
  const range = /^Invalid params: \[.* should be in range \[-?\d+, \d+\]\]/
  if (schema.enum)
    yield value('none of its values', 'nothing', /should be select from set \[[^\]]+\]\]/)
  if (schema.minimum !== undefined) yield value('under its bound', schema.minimum - 1, range)
  if (schema.maximum !== undefined) yield value('over its bound', schema.maximum + 1, range)
  if (schema.maxLength !== undefined)
    yield value('too long', 'x'.repeat(schema.maxLength + 1), /^Invalid params: \[.+\]/)
  if (schema.pattern !== undefined && !/\(\?!/.test(schema.pattern))
    yield value('of no known form', '不 valid!', /^Invalid params: \[.+\]/)
  if (schema.minItems !== undefined) yield value('an empty list', [], range)
  if (schema.maxItems !== undefined)
    yield value(
      'too long a list',
      Array(schema.maxItems + 1).fill(valueAt(request, [...path, 0])),
      range,
    )
  if (schema.items?.type === 'object') yield* breachesOf(schema.items, request, [...path, 0])
  if (schema.items && schema.items.type !== 'object')
    yield* valueBreaches(schema.items, request, [...path, 0])
  if (schema.type === 'object') yield* breachesOf(schema, request, path)
}

function omitted(request: Parameters, path: Path): Breach {
  const [name = ''] = path
  const nested = path.length > 1
  return {
    title: `${path.join('.')} left out`,
    request: replaced(request, path, undefined) as Parameters,
    code: nested ? 'MissingParameter' : `Missing${capital(String(name))}`,
    says: nested
      ? new RegExp(`"${wireName(path)}" that is mandatory`)
      : new RegExp(`^${String(name)} is mandatory for this action\\.( |$)`),
  }
}

function capital(word: string): string {
  return `${word.charAt(0).toUpperCase()}${word.slice(1)}`
}

function breach(
  request: Parameters,
  path: Path,
  it: { title: string; value: unknown; code: string; says: RegExp },
): Breach {
  return {
    title: `${path.join('.')} ${it.title}`,
    request: replaced(request, path, it.value) as Parameters,
    code: it.code,
    says: it.says,
  }
}

function wireName(path: Path): string {
  return path.map((part) => (typeof part === 'number' ? part + 1 : part)).join('\\.')
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (inner, part) => (inner as Readonly<Record<string | number, unknown>> | undefined)?.[part],
    value,
  )
}

function replaced(value: unknown, [part, ...rest]: Path, by: unknown): unknown {
  if (part === undefined) return by
  if (Array.isArray(value))
    return value.map((item: unknown, at) => (at === part ? replaced(item, rest, by) : item))
  const record = (value ?? {}) as Parameters
  return { ...record, [part]: replaced(record[part], rest, by) }
}

function without(name: string): NonNullable<GateRequest['tamper']> {
  return (signed) => {
    const { [name]: _, ...headers } = signed.headers
    return { ...signed, headers }
  }
}

function withHeader(name: string, value: string): NonNullable<GateRequest['tamper']> {
  return (signed) => ({ ...signed, headers: { ...signed.headers, [name]: value } })
}
