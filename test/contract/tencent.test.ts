/**
 * What the declarations promise, asked for over the wire: for every built action each required member left out, each member of
 * a wrong type, each bound and choice broken, a member that nobody declared, and every way not to be who one says one is.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Value } from 'typebox/value'
import { actions } from '../../src/dialect/tencent/actions.ts'
import { services } from '../../src/dialect/tencent/service.ts'
import { MESSAGE_KEYWORD, type MessageSpec } from '../../src/shape/shape.ts'
import { startCloud } from '../support/fixture/cloud.ts'
import {
  addressed,
  ask,
  askV1,
  create,
  KEYS,
  REGION,
  send,
} from '../support/http/tencent-client.ts'
import { completeRequest, legalRequest, withTask } from '../support/http/tencent-request.ts'
import { signTc3 } from '../support/http/sign.ts'

interface Schema {
  readonly type?: string
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly default?: unknown
  readonly enum?: readonly (string | number)[]
  readonly minimum?: number
  readonly maximum?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly pattern?: string
  readonly minItems?: number
  readonly maxItems?: number
}

type Path = readonly (string | number)[]

interface Case {
  readonly path: Path
  /** Undefined leaves the member out. */
  readonly value: unknown
  readonly code: string
}

const WRONG: Readonly<Record<string, unknown>> = {
  string: { not: 'text' },
  integer: 'many',
  number: 'much',
  boolean: 'maybe',
  array: 'one',
  object: 'thing',
}

for (const action of actions) {
  const schema = action.input as Schema
  const cases = [...casesOf(schema, [])]

  test(`${action.name} refuses each of ${cases.length} broken requests with its code and name`, async (t) => {
    const cloud = await startCloud(t)
    const id = await create(cloud)
    for (const { path, value, code } of cases) {
      const broken = withValue(legalRequest(action.name, id), path, value, schema)
      const answer = await ask({ port: cloud.port, language: 'en-US' }, action.name, broken)
      const what = `${path.join('.')} = ${JSON.stringify(value)}`
      assert.equal(answer.status, 200, what)
      assert.equal(answer.code, code, `${what}: ${answer.message}`)
      assert.ok(answer.message.includes(`\`${path.join('.')}\``), `${what}: ${answer.message}`)
    }
  })

  test(`${action.name} answers a legal request with every declared member in its type`, async (t) => {
    const cloud = await startCloud(t)
    const id = await create(cloud, withTask())
    await cloud.settle()
    const request = await completeRequest(cloud, action.name, id)
    const answer = await ask(cloud, action.name, request)
    assert.equal(answer.code, '', answer.message)
    const { RequestId, ...output } = answer.response
    assert.match(
      String(RequestId),
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    )
    const wrong = Value.Errors(action.output, output)
    assert.deepEqual([...wrong], [])
    assert.deepEqual(Object.keys(output).sort(), Object.keys(action.output.properties).sort())
  })

  test(`${action.name} is refused to a caller that does not prove its identity`, async (t) => {
    const cloud = await startCloud(t)
    const sample = legalRequest(action.name, 'emr-00000000')
    const refusals: readonly (readonly [Record<string, unknown>, string])[] = [
      [{ secret: 'wrong' }, 'AuthFailure.SignatureFailure'],
      [{ keyId: 'AKIDNOBODY' }, 'AuthFailure.SecretIdNotFound'],
      [{ skew: -330 }, 'AuthFailure.SignatureExpire'],
      [{ skew: 330 }, 'AuthFailure.SignatureExpire'],
      [{ token: 'not-temporary' }, 'AuthFailure.TokenFailure'],
      [{ version: '2019-07-22' }, 'NoSuchVersion'],
      [{ region: 'ap-atlantis' }, 'InvalidParameterValue'],
      [{ region: '' }, 'InvalidParameterValue'],
    ]
    for (const [change, code] of refusals) {
      const answer = await ask({ port: cloud.port, ...change }, action.name, sample)
      assert.equal(answer.code, code, JSON.stringify(change))
    }
    const flat = await askV1({ port: cloud.port, method: 'GET', secret: 'no' }, action.name, {})
    assert.equal(flat.code, 'AuthFailure.SignatureFailure')
    const signed = signTc3({
      ...KEYS,
      ...addressed(action.name),
      host: `127.0.0.1:${cloud.port}`,
      action: action.name,
      region: REGION,
      timestamp: Math.floor(Date.now() / 1000),
      body: JSON.stringify(sample),
    })
    const { authorization: _, ...headers } = signed.headers
    const unsigned = await send(cloud.port, { ...signed, headers })
    assert.equal(unsigned.code, 'MissingParameter')
    assert.match(unsigned.message, /`Authorization`/)
  })
}

test('every declared action that is not built is refused by name, and none is a success', async (t) => {
  const cloud = await startCloud(t)
  for (const { name: service, version, declared } of services) {
    const own = actions.filter(({ product }) => product === service)
    const built = new Set(own.map((action) => action.name))
    for (const name of built) assert.ok(declared.has(name), name)
    const caller = { port: cloud.port, service, version }
    for (const name of declared) {
      if (built.has(name)) continue
      const answer = await ask(caller, name, {})
      assert.equal(answer.code, 'UnsupportedOperation', `${service} ${name}`)
      assert.ok(answer.message.includes(`\`${name}\``), answer.message)
    }
    for (const name of ['DropEverything', 'createInstance', 'constructor', '__proto__']) {
      assert.equal((await ask(caller, name, {})).code, 'InvalidAction')
    }
  }
})

function* casesOf(schema: Schema, path: Path): Generator<Case> {
  const spec = ((schema as Record<string, unknown>)[MESSAGE_KEYWORD] ?? {}) as MessageSpec
  const valueCode = spec.code ?? 'InvalidParameterValue'
  if (path.length > 0) yield { path, value: WRONG[schema.type ?? ''], code: 'InvalidParameter' }
  for (const value of outsideOf(schema)) yield { path, value, code: valueCode }
  if (schema.items) yield* casesOf(schema.items, [...path, 0])
  for (const [name, member] of Object.entries(schema.properties ?? {})) {
    const inner = [...path, name]
    if (schema.required?.includes(name) && member.default === undefined)
      yield { path: inner, value: undefined, code: 'MissingParameter' }
    yield* casesOf(member, inner)
  }
  if (schema.properties) yield { path: [...path, 'Surprise'], value: 1, code: 'UnknownParameter' }
}

/** Values of the right type that break a bound or a choice. */
function* outsideOf(schema: Schema): Generator {
  if (schema.enum) yield typeof schema.enum[0] === 'number' ? 9_999 : 'no-such-choice'
  if (schema.minimum !== undefined) yield schema.minimum - 1
  if (schema.maximum !== undefined) yield schema.maximum + 1
  if (schema.minLength !== undefined && schema.minLength > 0) yield ''
  if (schema.maxLength !== undefined) yield 'x'.repeat(schema.maxLength + 1)
  if (schema.pattern !== undefined) yield '\u0007'
  if (schema.minItems !== undefined && schema.minItems > 0) yield []
  if (schema.maxItems !== undefined)
    yield Array.from({ length: schema.maxItems + 1 }, () => least(schema.items ?? {}))
}

/** The request with one member changed; members on the way to it that are not there are made, as small as they may be. */
function withValue(
  sample: Record<string, unknown>,
  path: Path,
  value: unknown,
  schema: Schema,
): unknown {
  let node: Record<string | number, unknown> = sample
  let shape: Schema = schema
  for (const name of path.slice(0, -1)) {
    shape = (typeof name === 'number' ? shape.items : shape.properties?.[name]) ?? {}
    node[name] ??= least(shape)
    node = node[name] as Record<string | number, unknown>
  }
  const last = path.at(-1)
  if (last === undefined) return value
  if (value === undefined) delete node[last]
  else node[last] = value
  return sample
}

function least(schema: Schema): unknown {
  if (schema.enum) return schema.enum[0]
  if (schema.type === 'array') return schema.minItems ? [least(schema.items ?? {})] : []
  if (schema.type === 'integer' || schema.type === 'number') return schema.minimum ?? 1
  if (schema.type === 'boolean') return true
  if (schema.type !== 'object') return 'text'
  const required = (schema.required ?? []).map((name) => [
    name,
    least(schema.properties?.[name] ?? {}),
  ])
  return Object.fromEntries(required) as unknown
}
