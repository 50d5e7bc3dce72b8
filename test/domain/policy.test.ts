import assert from 'node:assert/strict'
import { test } from 'node:test'

import * as fc from 'fast-check'

import { compilePolicy, decide } from '../../src/domain/policy.ts'
import type { AccessRequest, Decision, PolicyStatement } from '../../src/domain/policy.ts'
import type { Condition, Context } from '../../src/domain/policy-condition.ts'
import { policyLimits } from '../../src/domain/policy-limits.ts'

function statement(
  effect: 'allow' | 'deny',
  change: Partial<PolicyStatement> = {},
): PolicyStatement {
  return {
    effect,
    actions: { negated: false, patterns: ['*'] },
    resources: [['*']],
    conditions: [],
    ...change,
  }
}

function condition(change: Partial<Condition> = {}): Condition {
  const plain = {
    operator: 'string-equals',
    qualifier: 'none',
    ifExists: false,
    key: 'k',
    values: ['v'],
    known: true,
  }
  return { ...plain, ...change } as Condition
}

function ask(
  statements: readonly PolicyStatement[],
  request: Partial<AccessRequest> = {},
): Decision {
  return decide([compilePolicy('p', { statements })], {
    action: 'svc:Read',
    resources: ['a:b:c'],
    context: {},
    ...request,
  })
}

const outcome = (decision: Decision) => (decision.effect === 'allow' ? 'allow' : decision.kind)

test('without a policy everything is denied implicitly', () => {
  assert.deepEqual(decide([], { action: 'svc:Read', resources: ['a:b:c'], context: {} }), {
    effect: 'deny',
    kind: 'implicit',
    resource: 'a:b:c',
  })
})

test('an explicit denial names the policy, the statement and the resource', () => {
  const policies = [
    compilePolicy('first', { statements: [statement('allow')] }),
    compilePolicy('second', { statements: [statement('allow'), statement('deny')] }),
  ]
  assert.deepEqual(decide(policies, { action: 'svc:Read', resources: ['a:b:c'], context: {} }), {
    effect: 'deny',
    kind: 'explicit',
    policy: 'second',
    statement: 1,
    resource: 'a:b:c',
  })
})

test('an implicit denial says which statement would have allowed, had its condition been evaluable', () => {
  const unknown = condition({ operator: 'sounds-like' })
  assert.deepEqual(ask([statement('allow', { conditions: [unknown] })]), {
    effect: 'deny',
    kind: 'implicit',
    resource: 'a:b:c',
    policy: 'p',
    statement: 0,
    reason: 'condition on "k": unknown operator "sounds-like"',
  })
})

test('a near miss is forgotten when another statement allows', () => {
  const near = statement('allow', { conditions: [condition({ operator: 'sounds-like' })] })
  assert.deepEqual(ask([near, statement('allow')]), { effect: 'allow' })
})

function on(pattern: string): PolicyStatement {
  return statement('allow', { resources: [['r', pattern]] })
}

test('every resource must be allowed, by any statement', () => {
  const resources = ['r:1', 'r:2']
  assert.equal(outcome(ask([on('1'), on('2')], { resources })), 'allow')
  const denied = ask([on('1')], { resources })
  assert.deepEqual(denied, { effect: 'deny', kind: 'implicit', resource: 'r:2' })
})

test('one denied resource denies the request and is named', () => {
  const denied = ask([statement('allow'), statement('deny', { resources: [['r', '2']] })], {
    resources: ['r:1', 'r:2'],
  })
  assert.ok(denied.effect === 'deny' && denied.kind === 'explicit')
  assert.equal(denied.resource, 'r:2')
})

test('a negated action list is about every other action', () => {
  const others = statement('allow', {
    actions: { negated: true, patterns: ['svc:Delete*', 'svc:Stop'] },
  })
  assert.equal(outcome(ask([others], { action: 'svc:Read' })), 'allow')
  assert.equal(outcome(ask([others], { action: 'svc:DeleteAll' })), 'implicit')
  assert.equal(outcome(ask([others], { action: 'SVC:STOP' })), 'implicit')
})

test('the last segment of a resource keeps its colons, and a shorter resource does not match', () => {
  const two = statement('allow', { resources: [['r', 'x:y:*']] })
  assert.equal(outcome(ask([two], { resources: ['r:x:y:z'] })), 'allow')
  const three = statement('allow', { resources: [['r', '*', '*']] })
  assert.equal(outcome(ask([three], { resources: ['r:x'] })), 'implicit')
  assert.equal(outcome(ask([two, three], { resources: ['r:x:y:z', 'r:x:z'] })), 'allow')
})

for (const [what, request] of [
  ['names no action', { action: '' }],
  ['names no resource', { resources: [] }],
  ['names too many resources', { resources: Array<string>(policyLimits.resources + 1).fill('a') }],
  [
    'names too much',
    { resources: Array<string>(64).fill('a'.repeat(policyLimits.factCharacters)) },
  ],
  ['has an action that is too long', { action: 'a'.repeat(policyLimits.factCharacters + 1) }],
  ['has a resource that is too long', { resources: ['a'.repeat(policyLimits.factCharacters + 1)] }],
] as const) {
  test(`a request that ${what} is denied even where everything is allowed`, () => {
    const denied = ask([statement('allow')], request)
    assert.ok(denied.effect === 'deny' && denied.reason !== undefined)
  })
}

const broken: readonly [string, Partial<Condition>, Context][] = [
  ['an unknown operator', { operator: 'sounds-like' }, { k: 'v' }],
  ['an operator named like a member of every object', { operator: 'constructor' }, { k: 'v' }],
  ['an unknown qualifier', { qualifier: 'most-values' as never }, { k: 'v' }],
  ['no value', { values: [] }, { k: 'v' }],
  ['too many values', { values: Array<string>(policyLimits.values + 1).fill('v') }, { k: 'v' }],
  ['a malformed number', { operator: 'number-equals', values: ['1', '0x10'] }, { k: '1' }],
  [
    'a malformed date',
    { operator: 'date-less-than', values: ['tomorrow'] },
    { k: '2026-01-01T00:00:00Z' },
  ],
  [
    'a date that is not in the calendar',
    { operator: 'date-equals', values: ['2026-02-30T00:00:00Z'] },
    { k: '2026-03-02T00:00:00Z' },
  ],
  [
    'a date without a zone',
    { operator: 'date-equals', values: ['2026-01-01T00:00:00'] },
    { k: '2026-01-01T00:00:00Z' },
  ],
  ['a malformed address', { operator: 'ip-in', values: ['10.0.0.256'] }, { k: '10.0.0.1' }],
  ['a malformed prefix length', { operator: 'ip-in', values: ['10.0.0.0/33'] }, { k: '10.0.0.1' }],
  ['two prefix lengths', { operator: 'ip-in', values: ['10.0.0.0/8/8'] }, { k: '10.0.0.1' }],
  ['a malformed boolean', { operator: 'boolean', values: ['yes'] }, { k: 'true' }],
  ['a request value of the wrong type', { operator: 'number-equals', values: ['1'] }, { k: 'one' }],
  [
    'one request value of the wrong type among good ones',
    { operator: 'number-equals', values: ['1'] },
    { k: ['1', 'x'] },
  ],
  ['a request value that is too long', {}, { k: 'v'.repeat(policyLimits.factCharacters + 1) }],
  ['too many request values', {}, { k: Array<string>(policyLimits.contextValues + 1).fill('v') }],
  ['an absent key that this service never learns', { known: false }, {}],
  [
    'an absent key that this service never learns, even if it may be absent',
    { known: false, ifExists: true },
    {},
  ],
  ['an absent key under a negated operator', { operator: 'string-not-equals' }, {}],
  [
    'an empty list under a negated operator',
    { operator: 'ip-not-in', values: ['10.0.0.0/8'] },
    { k: [] },
  ],
  ['an absent key of which all values must match', { qualifier: 'all-values' }, {}],
]

for (const [what, change, context] of broken) {
  test(`a condition with ${what} never allows, always denies, and says why`, () => {
    const conditions = [condition(change)]
    const allowed = ask([statement('allow', { conditions })], { context })
    assert.ok(allowed.effect === 'deny' && allowed.kind === 'implicit')
    assert.match(allowed.reason ?? '', /^condition on "k": /)
    const denied = ask([statement('allow'), statement('deny', { conditions })], { context })
    assert.ok(denied.effect === 'deny' && denied.kind === 'explicit')
    assert.match(denied.reason ?? '', /^condition on "k": /)
  })
}

test('a key that this service does not know is evaluated when the request carries it all the same', () => {
  const conditions = [condition({ known: false })]
  assert.equal(outcome(ask([statement('allow', { conditions })], { context: { k: 'v' } })), 'allow')
})

for (const key of ['toString', '__proto__']) {
  test(`a key named ${key}, like a member of every object, is absent`, () => {
    const conditions = [condition({ key, values: ['x'] })]
    assert.equal(outcome(ask([statement('allow'), statement('deny', { conditions })])), 'allow')
  })
}

test('an empty text counts as absent where absence is tested, and as a text elsewhere', () => {
  const absent = [condition({ operator: 'absent', values: ['true'] })]
  const empty = [condition({ values: [''] })]
  for (const conditions of [absent, empty]) {
    const decision = ask([statement('allow', { conditions })], { context: { k: '' } })
    assert.equal(outcome(decision), 'allow')
  }
})

test('a policy beyond the limits is not compiled', () => {
  const many = Array<PolicyStatement>(policyLimits.statements + 1).fill(statement('allow'))
  assert.throws(() => compilePolicy('p', { statements: many }), RangeError)
  const patterns = Array<string>(policyLimits.values + 1).fill('a:b')
  const long = 'a'.repeat(policyLimits.patternCharacters + 1)
  for (const change of [
    { actions: { negated: false, patterns } },
    { resources: patterns.map((pattern) => [pattern]) },
    { actions: { negated: false, patterns: [long] } },
    { resources: [['a', long]] },
    { conditions: [condition({ values: [long] })] },
  ]) {
    assert.throws(
      () => compilePolicy('p', { statements: [statement('allow', change)] }),
      RangeError,
    )
  }
})

const anyCondition = fc.record<Condition>({
  operator: fc.constantFrom(
    'string-equals',
    'string-not-equals',
    'string-like',
    'number-less-than',
    'absent',
    'no-such',
  ),
  qualifier: fc.constantFrom('none', 'any-value', 'all-values'),
  ifExists: fc.boolean(),
  key: fc.constantFrom('k', 'l'),
  values: fc.array(fc.constantFrom('v', 'w', '1', '2', 'true'), { maxLength: 2 }),
  known: fc.boolean(),
})

const anyStatement = fc.record<PolicyStatement>({
  effect: fc.constantFrom('allow', 'deny'),
  actions: fc.record({
    negated: fc.boolean(),
    patterns: fc.array(fc.constantFrom('*', 'svc:*', 'svc:Read', 'svc:R?ad', 'other:*'), {
      minLength: 1,
      maxLength: 2,
    }),
  }),
  resources: fc.array(fc.constantFrom(['*'], ['r', '*'], ['r', '1'], ['r', '2']), {
    minLength: 1,
    maxLength: 2,
  }),
  conditions: fc.array(anyCondition, { maxLength: 2 }),
})

const anyStatements = fc.array(anyStatement, { maxLength: 6 })

const anyRequest = fc.record<AccessRequest>({
  action: fc.constantFrom('svc:Read', 'svc:Write', 'other:Read'),
  resources: fc.uniqueArray(fc.constantFrom('r:1', 'r:2', 'r:3'), { minLength: 1 }),
  context: fc.dictionary(
    fc.constantFrom('k', 'l'),
    fc.oneof(fc.constantFrom('v', '1'), fc.subarray(['v', 'w', '1'])),
  ),
})

test('adding a deny never turns a denial into an allow, and adding an allow never lifts an explicit denial', () => {
  fc.assert(
    fc.property(anyStatements, anyStatement, anyRequest, (statements, added, request) => {
      const before = outcome(ask(statements, request))
      const after = outcome(ask([...statements, added], request))
      if (added.effect === 'deny' && before !== 'allow') assert.notEqual(after, 'allow')
      if (added.effect === 'allow' && before === 'explicit') assert.equal(after, 'explicit')
      if (added.effect === 'allow' && before === 'allow') assert.equal(after, 'allow')
    }),
    { numRuns: 2000 },
  )
})

test('neither the order of statements nor their division into policies changes the outcome', () => {
  const shuffled = anyStatements.chain((statements) =>
    fc.tuple(
      fc.constant(statements),
      fc.shuffledSubarray(statements, { minLength: statements.length }),
      fc.nat({ max: statements.length }),
    ),
  )
  fc.assert(
    fc.property(shuffled, anyRequest, ([statements, other, at], request) => {
      const parts = [other.slice(0, at), other.slice(at)]
      const policies = parts.map((part, index) => compilePolicy(`p${index}`, { statements: part }))
      assert.equal(outcome(decide(policies, request)), outcome(ask(statements, request)))
    }),
    { numRuns: 2000 },
  )
})

test('a policy whose statements match neither the action nor the resource denies implicitly', () => {
  fc.assert(
    fc.property(anyStatements, anyRequest, (statements, request) => {
      const elsewhere = statements.map((one) => ({ ...one, resources: [['elsewhere', '*']] }))
      assert.equal(outcome(ask(elsewhere, request)), 'implicit')
    }),
  )
})

test('an allow of everything, where nothing is denied, allows everything', () => {
  fc.assert(
    fc.property(anyStatements, anyRequest, (statements, request) => {
      const allows = statements.filter(({ effect }) => effect === 'allow')
      assert.deepEqual(ask([...allows, statement('allow')], request), { effect: 'allow' })
    }),
  )
})

test('what a condition allows, it denies as well: no condition both fails to allow and fails to deny without saying so', () => {
  fc.assert(
    fc.property(fc.array(anyCondition, { maxLength: 2 }), anyRequest, (conditions, request) => {
      const allows = outcome(ask([statement('allow', { conditions })], request)) === 'allow'
      const denied = ask([statement('allow'), statement('deny', { conditions })], request)
      if (allows) assert.equal(outcome(denied), 'explicit')
      if (!allows && denied.effect === 'deny') assert.notEqual(denied.reason, undefined)
    }),
    { numRuns: 2000 },
  )
})
