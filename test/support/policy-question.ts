/** Asking one question in both languages: a policy's text in, a decision out. */
import assert from 'node:assert/strict'
import { test } from 'node:test'

import * as ramContext from '../../src/dialect/alibaba/identity/policy-context.ts'
import * as ram from '../../src/dialect/alibaba/identity/policy-language.ts'
import * as camContext from '../../src/dialect/tencent/identity/policy-context.ts'
import * as cam from '../../src/dialect/tencent/identity/policy-language.ts'
import { decide } from '../../src/domain/policy.ts'
import type { Decision } from '../../src/domain/policy.ts'
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
