/** What the evaluator says of many resources at once, and of resources in general. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import type { Context } from '../../src/domain/policy-condition.ts'
import { policyLimits } from '../../src/domain/policy-limits.ts'
import {
  allowsSomewhere,
  compilePolicy,
  decide,
  decideEach,
  distinguishesResources,
  type Effect,
  type PolicyStatement,
} from '../../src/domain/policy.ts'

const about = (effect: Effect, id = '*', more: Partial<PolicyStatement> = {}): PolicyStatement => ({
  effect,
  actions: { negated: false, patterns: ['s:*'] },
  resources: [id === '*' ? ['*'] : ['r', id]],
  conditions: [],
  ...more,
})

const tagged = (value: string): Pick<PolicyStatement, 'conditions'> => ({
  conditions: [
    {
      operator: 'string-equals',
      qualifier: 'none',
      ifExists: false,
      key: 'tag',
      values: [value],
      known: true,
    },
  ],
})

const of = (...statements: PolicyStatement[]) => [compilePolicy('p', { statements })]
const request = (id: string, tag?: string) => ({
  resource: `r:${id}`,
  context: (tag === undefined ? {} : { tag }) as Context,
})

test('every resource is judged with its own context, and all of them must be allowed', () => {
  const policies = of(about('allow', '*', tagged('blue')))
  const ask = (...each: ReturnType<typeof request>[]) => decideEach(policies, 's:Do', each)
  assert.deepEqual(ask(request('1', 'blue'), request('2', 'blue')), { effect: 'allow' })
  const denied = ask(request('1', 'blue'), request('2', 'red'))
  assert.deepEqual(denied, { effect: 'deny', kind: 'implicit', resource: 'r:2' })
  assert.equal(ask(request('1', 'blue'), request('2')).effect, 'deny')
})

test('of several denials an explicit one is reported', () => {
  const policies = of(about('allow', '1'), about('deny', '3'))
  const denied = decideEach(policies, 's:Do', [request('1'), request('2'), request('3')])
  assert.deepEqual(denied, {
    effect: 'deny',
    kind: 'explicit',
    policy: 'p',
    statement: 1,
    resource: 'r:3',
  })
})

test('no resource, or too many, is denied whatever is allowed', () => {
  const policies = of(about('allow'))
  assert.equal(decideEach(policies, 's:Do', []).effect, 'deny')
  const many = Array.from({ length: policyLimits.resources + 1 }, (_, n) => request(String(n)))
  assert.equal(decideEach(policies, 's:Do', many).effect, 'deny')
  assert.equal(decideEach(policies, 's:Do', many.slice(1)).effect, 'allow')
})

test('with one context for all, each by itself and all together come to the same', () => {
  const ids = fc.constantFrom('1', '2', '3')
  const statement = fc
    .tuple(fc.constantFrom('allow' as const, 'deny' as const), fc.constantFrom('*', '1', '2', '3'))
    .map(([effect, id]) => about(effect, id))
  fc.assert(
    fc.property(fc.array(statement), fc.array(ids, { minLength: 1 }), (statements, names) => {
      const policies = of(...statements)
      const resources = names.map((id) => `r:${id}`)
      const together = decide(policies, { action: 's:Do', resources, context: {} })
      const apart = decideEach(
        policies,
        's:Do',
        names.map((id) => request(id)),
      )
      assert.equal(apart.effect, together.effect)
      if (apart.effect === 'deny' && together.effect === 'deny')
        assert.equal(apart.kind, together.kind)
    }),
  )
})

const general: readonly [string, PolicyStatement[], { apart: boolean; somewhere: boolean }][] = [
  ['nothing', [], { apart: false, somewhere: false }],
  ['an allow of all', [about('allow')], { apart: false, somewhere: true }],
  ['a deny of all', [about('deny')], { apart: false, somewhere: false }],
  ['an allow of one', [about('allow', '1')], { apart: true, somewhere: true }],
  [
    'a deny of one among all',
    [about('allow'), about('deny', '1')],
    { apart: true, somewhere: true },
  ],
  ['a condition', [about('allow', '*', tagged('x'))], { apart: true, somewhere: true }],
  [
    'another action',
    [about('allow', '1', { actions: { negated: false, patterns: ['s:Other'] } })],
    { apart: false, somewhere: false },
  ],
  [
    'every action but one',
    [about('allow', '1', { actions: { negated: true, patterns: ['s:other'] } })],
    { apart: true, somewhere: true },
  ],
]

for (const [title, statements, { apart, somewhere }] of general) {
  test(`${title}: ${apart ? 'tells' : 'does not tell'} resources apart, and allows ${somewhere ? 'some' : 'none'}`, () => {
    assert.equal(distinguishesResources(of(...statements), 'S:do'), apart)
    assert.equal(allowsSomewhere(of(...statements), 'S:do'), somewhere)
  })
}

test('what does not distinguish resources decides alike for all of them', () => {
  const statement = fc
    .tuple(fc.constantFrom('allow' as const, 'deny' as const), fc.constantFrom('*', '*', '1', '2'))
    .map(([effect, id]) => about(effect, id))
  fc.assert(
    fc.property(fc.array(statement, { maxLength: 4 }), (statements) => {
      const policies = of(...statements)
      const effects = ['1', '2', '9'].map(
        (id) => decideEach(policies, 's:Do', [request(id)]).effect,
      )
      if (!distinguishesResources(policies, 's:Do')) assert.equal(new Set(effects).size, 1)
      if (!allowsSomewhere(policies, 's:Do')) assert.ok(effects.every((each) => each === 'deny'))
    }),
  )
})
