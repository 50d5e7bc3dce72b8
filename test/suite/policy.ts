/** What both policy languages owe: one question in both of them (a policy's text in, a decision out), and what they refuse. */
import assert from 'node:assert/strict'
import { test } from 'node:test'

import * as ramContext from '../../src/dialect/alibaba/identity/policy-context.ts'
import * as ram from '../../src/dialect/alibaba/identity/policy-language.ts'
import * as camContext from '../../src/dialect/tencent/identity/policy-context.ts'
import * as cam from '../../src/dialect/tencent/identity/policy-language.ts'
import { decide } from '../../src/domain/policy.ts'
import type { Decision, Policy } from '../../src/domain/policy.ts'
import type { RequestFacts } from '../../src/domain/request-facts.ts'

export type Outcome = 'allow' | 'explicit' | 'implicit'
export type Json = Readonly<Record<string, unknown>>

const facts: RequestFacts = {
  nowMs: Date.UTC(2026, 0, 15, 12),
  secure: true,
  sourceIp: '10.1.2.3',
  principal: '100000000002',
}

export function askRam(
  statements: readonly Json[],
  given: Partial<RequestFacts>,
  action: string,
  id: string,
): Decision {
  const policy = ram.parsePolicy('case', JSON.stringify({ Version: '1', Statement: statements }))
  const resource = ram.resourceName({
    region: 'cn-hangzhou',
    accountId: '1000000000000001',
    relativeId: id,
  })
  const context = ramContext.policyContext({ ...facts, ...given })
  return decide([policy], { action: ram.canonicalAction(action), resources: [resource], context })
}

export function askCam(
  statements: readonly Json[],
  given: Partial<RequestFacts>,
  action: string,
  id: string,
): Decision {
  const policy = cam.parsePolicy('case', JSON.stringify({ version: '2.0', statement: statements }))
  const resource = cam.resourceName({
    region: 'ap-guangzhou',
    ownerUin: '100000000001',
    resource: id,
  })
  const context = camContext.policyContext({ ...facts, ...given })
  return decide([policy], { action: cam.canonicalAction(action), resources: [resource], context })
}

export function outcome(decision: Decision): Outcome {
  return decision.effect === 'allow' ? 'allow' : decision.kind
}

export type Verdict = 'holds' | 'fails' | 'unevaluable'

export interface ConditionRow {
  readonly name: string
  readonly ram?: Json
  readonly cam?: Json
  readonly given?: Partial<RequestFacts>
  readonly is: Verdict
}

/** An allow needs "holds"; a deny over an allow of all steps aside for "fails" only. */
const expected: Readonly<Record<Verdict, { allow: Outcome; deny: Outcome }>> = {
  holds: { allow: 'allow', deny: 'explicit' },
  fails: { allow: 'implicit', deny: 'allow' },
  unevaluable: { allow: 'implicit', deny: 'explicit' },
}

/** Each row is tried under both effects. */
export function testCondition({
  name,
  ram: inRam,
  cam: inCam,
  given = {},
  is,
}: ConditionRow): void {
  if (inRam !== undefined) {
    test(`RAM condition: ${name}: ${is}`, () => {
      const all = { Effect: 'Allow', Action: '*', Resource: '*' }
      const deny = { ...all, Effect: 'Deny', Condition: inRam }
      const allowed = askRam([{ ...all, Condition: inRam }], given, 'sr:CreateInstanceV1', '*')
      check(is, allowed, askRam([all, deny], given, 'sr:CreateInstanceV1', '*'))
    })
  }
  if (inCam !== undefined) {
    test(`CAM condition: ${name}: ${is}`, () => {
      const all = { effect: 'allow', action: '*', resource: '*' }
      const deny = { ...all, effect: 'deny', condition: inCam }
      const allowed = askCam([{ ...all, condition: inCam }], given, 'emr:CreateInstance', '*')
      check(is, allowed, askCam([all, deny], given, 'emr:CreateInstance', '*'))
    })
  }
}

function check(is: Verdict, allowed: Decision, denied: Decision): void {
  assert.deepEqual({ allow: outcome(allowed), deny: outcome(denied) }, expected[is])
  assert.equal(hasReason(allowed), is === 'unevaluable')
  assert.equal(hasReason(denied), is === 'unevaluable')
}

function hasReason(decision: Decision): boolean {
  return decision.effect === 'deny' && decision.reason !== undefined
}

export interface LanguageCases {
  readonly language: 'RAM' | 'CAM'
  readonly parse: (name: string, text: string) => Policy
  /** A document of two statements, of which the second is changed. */
  readonly withStatement: (change: Json) => string
  readonly refused: readonly (readonly [what: string, text: string, message: string])[]
}

/** What a language refuses, with the place and the words; and the size of a document, which is bounded in both alike. */
export function testRefusals({ language, parse, withStatement, refused }: LanguageCases): void {
  for (const [what, text, message] of refused) {
    test(`a ${language} policy with ${what} is refused: ${message}`, () => {
      assert.throws(() => parse('p', text), { name: 'PolicyError', message })
    })
  }

  test(`a ${language} document of 6 144 characters is read, and a longer one refused`, () => {
    const text = withStatement({})
    const longest = text + ' '.repeat(6144 - text.length)
    assert.equal(parse('p', longest).statements.length, 2)
    assert.throws(() => parse('p', `${longest} `), {
      name: 'PolicyError',
      message: 'must have at most 6144 characters',
    })
  })
}
