/** The checker of histories itself: what is known to be linearizable passes, what is known not to be is found out. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { array, assert as holds, constantFrom, nat, property, record } from 'fast-check'
import { clusterModel, type ClusterAction, type Description } from './cluster-model.ts'
import { checkHistory, type Model, type Operation } from './linearizability.ts'

type RegisterAction = { readonly write: number } | { readonly read: number }

const register: Model<number, RegisterAction> = {
  initial: 0,
  key: String,
  next: (state, action) =>
    'write' in action ? [action.write] : action.read === state ? [state] : [],
}

function at<Action>(calledAt: number, returnedAt: number, action: Action): Operation<Action> {
  return { action, calledAt, returnedAt }
}

function isFine<Action, State>(
  model: Model<State, Action>,
  ...history: readonly Operation<Action>[]
): boolean {
  return checkHistory(history, model).linearizable
}

test('operations that do not overlap take effect in their order', () => {
  assert.ok(isFine(register))
  assert.ok(isFine(register, at(1, 2, { write: 1 }), at(3, 4, { read: 1 })))
  assert.ok(!isFine(register, at(1, 2, { write: 1 }), at(3, 4, { read: 0 })))
  assert.ok(
    !isFine(register, at(1, 2, { write: 1 }), at(3, 4, { write: 2 }), at(5, 6, { read: 1 })),
  )
})

test('operations that overlap take effect in any order, but in one for all who look', () => {
  const writes = [at(1, 10, { write: 1 }), at(2, 11, { write: 2 })]
  for (const last of [1, 2])
    assert.ok(isFine(register, ...writes, at<RegisterAction>(12, 13, { read: last })))
  assert.ok(
    !isFine<RegisterAction, number>(
      register,
      ...writes,
      at(12, 13, { read: 1 }),
      at(14, 15, { read: 2 }),
    ),
  )
  const write = at<RegisterAction>(1, 10, { write: 1 })
  assert.ok(isFine(register, write, at(2, 3, { read: 0 }), at(4, 5, { read: 1 })))
  // Once one has seen it, nobody sees what was before.
  assert.ok(!isFine(register, write, at(2, 3, { read: 1 }), at(4, 5, { read: 0 })))
})

test('what was never answered may have happened at any time since, or never, but not before and not twice', () => {
  const lost = at<RegisterAction>(3, Infinity, { write: 1 })
  const first = at<RegisterAction>(1, 2, { write: 7 })
  assert.ok(isFine(register, first, lost, at(4, 5, { read: 7 }), at(6, 7, { read: 7 })))
  assert.ok(isFine(register, first, lost, at(4, 5, { read: 7 }), at(80, 90, { read: 1 })))
  assert.ok(!isFine(register, at(1, 2, { read: 1 }), lost))
  const again = [at<RegisterAction>(4, 5, { read: 1 }), at<RegisterAction>(6, 7, { write: 7 })]
  assert.ok(!isFine(register, lost, ...again, at(8, 9, { read: 1 })))
})

test('the checker agrees with trying every order', () => {
  const action = constantFrom<RegisterAction>(
    { write: 1 },
    { write: 2 },
    { read: 0 },
    { read: 1 },
    { read: 2 },
  )
  const timed = record({ action, from: nat(9), lasts: nat(9), isLost: nat(3).map((n) => n === 0) })
  let [fine, wrong] = [0, 0]
  holds(
    property(array(timed, { maxLength: 5 }), (all) => {
      // Moments that are all different, in the order of the drawn ones.
      const history = all.map((each, n): Operation<RegisterAction> => {
        const { from, lasts, isLost } = each
        const lost = isLost && 'write' in each.action
        const returnedAt = lost ? Infinity : (from + lasts) * 100 + 50 + n
        return { action: each.action, calledAt: from * 100 + n, returnedAt }
      })
      const expected = orders(history).some(isSequential)
      if (expected) fine++
      else wrong++
      assert.equal(checkHistory(history, register).linearizable, expected)
    }),
    { numRuns: 2000 },
  )
  assert.ok(fine > 200 && wrong > 200, `${fine} fine and ${wrong} wrong`)
})

/** Every order of all that returned and any of the rest that keeps to the moments. */
function orders(
  history: readonly Operation<RegisterAction>[],
): readonly (readonly Operation<RegisterAction>[])[] {
  const ends = history.every(({ returnedAt }) => returnedAt === Infinity) ? [[]] : []
  const nexts = history.filter((it) =>
    history.every((other) => other === it || other.returnedAt > it.calledAt),
  )
  return [
    ...ends,
    ...nexts.flatMap((it) =>
      orders(history.filter((other) => other !== it)).map((rest) => [it, ...rest]),
    ),
  ]
}

function isSequential(order: readonly Operation<RegisterAction>[]): boolean {
  let value = 0
  return order.every(({ action }) => {
    if ('write' in action) value = action.write
    return 'write' in action || action.read === value
  })
}

/** One after the other. */
function sequence(...actions: readonly ClusterAction[]): readonly Operation<ClusterAction>[] {
  return actions.map((action, n) => at(2 * n, 2 * n + 1, action))
}

const created: ClusterAction = { does: 'create', name: 'a', id: 'c-1' }
const seen = (phase: Description['phase'], name = 'a', tags = {}): ClusterAction => ({
  does: 'describe',
  found: { phase, name, tags },
})
const gone: ClusterAction = { does: 'describe', found: undefined }
const renamed: ClusterAction = { does: 'rename', name: 'b' }
const tagged: ClusterAction = { does: 'tag', tag: 'k', value: 'v' }
const released: ClusterAction = { does: 'release' }
const refused = { refused: true }

test('a life of a cluster is linearizable', () => {
  const life = sequence(
    gone,
    created,
    seen('creating'),
    created,
    seen('running'),
    renamed,
    tagged,
    seen('running', 'b', { k: 'v' }),
    released,
    seen('deleting', 'b', { k: 'v' }),
    { ...renamed, ...refused },
    gone,
    { ...released, ...refused },
    created,
  )
  assert.ok(isFine(clusterModel, ...life))
})

const mistakes: readonly (readonly [what: string, life: readonly ClusterAction[]])[] = [
  ['a token that makes two', [created, { ...created, id: 'c-2' }]],
  ['a creation that is not there', [created, gone]],
  ['a rename that is lost', [created, renamed, seen('running')]],
  ['a tag that is lost', [created, tagged, seen('running')]],
  ['a tag that the rename undoes', [created, tagged, renamed, seen('running', 'b')]],
  ['one that is created again once it ran', [created, seen('running'), seen('creating')]],
  ['one that runs once it was released', [created, released, seen('running')]],
  ['one that comes back', [created, released, gone, seen('deleting')]],
  ['a release that is refused while it runs', [created, { ...released, ...refused }]],
  ['two releases', [created, released, released]],
  ['a rename of what is gone', [created, released, renamed]],
  ['one that nobody created', [seen('running')]],
]

for (const [what, life] of mistakes)
  test(`${what} is found out`, () => {
    const verdict = checkHistory(sequence(...life), clusterModel)
    assert.equal(verdict.linearizable, false)
    assert.deepEqual(verdict.order, life.slice(0, -1))
    assert.deepEqual(verdict.stuck, life.slice(-1))
  })

test('a creation that was never answered is the one that its token finds, or the next one makes it', () => {
  const lost = at<ClusterAction>(-1, Infinity, { does: 'create', name: 'a' })
  assert.ok(isFine(clusterModel, lost, ...sequence(created, seen('running'))))
  assert.ok(isFine(clusterModel, lost, ...sequence(gone, created, seen('running'))))
  assert.ok(!isFine(clusterModel, lost, ...sequence(created, { ...created, id: 'c-2' })))
})

test('a release that was never answered may end it at any time, and a tag cannot have been lost with it', () => {
  const lost = at<ClusterAction>(1.5, Infinity, released)
  assert.ok(isFine(clusterModel, lost, ...sequence(created, seen('running'), tagged, gone)))
  assert.ok(
    isFine(clusterModel, lost, ...sequence(created, tagged, seen('running', 'a', { k: 'v' }))),
  )
  assert.ok(!isFine(clusterModel, lost, ...sequence(created, tagged, seen('deleting'))))
})
