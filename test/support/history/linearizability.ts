/**
 * Whether a history of concurrent operations is linearizable: whether each operation can have taken effect at one instant between its
 * call and its return, so that all of them together are what one object did, one operation after the other (Herlihy and Wing 1990).
 * The search is that of Wing and Gong, with Lowe's memory of what was tried. An operation whose outcome nobody learned of may have
 * taken effect at any time since its call, or never.
 */

export interface Operation<Action> {
  readonly action: Action
  /** Moments are numbers that grow; no two of a history are the same. */
  readonly calledAt: number
  /** Infinity where the outcome is unknown. */
  readonly returnedAt: number
}

export interface Model<State, Action> {
  readonly initial: State
  /** The states in which the object may be after it did this, with the outcome that was returned; none where it cannot have. */
  next(state: State, action: Action, known: boolean): readonly State[]
  /** The same text for the same state, and for no other one. */
  key(state: State): string
}

export interface Verdict<State, Action> {
  readonly linearizable: boolean
  /** The longest order that was found, and the state that it leads to: for those who look for the mistake. */
  readonly order: readonly Action[]
  readonly state: State
  /** What had to come next, none of which could. */
  readonly stuck: readonly Action[]
}

interface Node<State> {
  readonly state: State
  /** A bit for each operation that has taken effect. */
  readonly done: bigint
  readonly known: number
  readonly order: readonly number[]
}

/** Of one object; operations on several are checked apart, since linearizability is local. */
export function checkHistory<State, Action>(
  history: readonly Operation<Action>[],
  model: Model<State, Action>,
): Verdict<State, Action> {
  const operations = history.toSorted((one, other) => one.calledAt - other.calledAt)
  const expected = operations.filter(isKnown).length
  const first: Node<State> = { state: model.initial, done: 0n, known: 0, order: [] }
  const seen = new Set<string>()
  const stack = [first]
  let deepest = first
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (node.known > deepest.known) deepest = node
    if (node.known === expected) break
    for (const at of candidates(operations, node.done).toReversed()) {
      const operation = operations[at]!
      const known = isKnown(operation)
      const done = node.done | (1n << BigInt(at))
      for (const state of model.next(node.state, operation.action, known)) {
        const key = `${done} ${model.key(state)}`
        if (seen.has(key)) continue
        seen.add(key)
        stack.push({ state, done, known: node.known + Number(known), order: [...node.order, at] })
      }
    }
  }
  const actionOf = (at: number) => operations[at]!.action
  return {
    linearizable: deepest.known === expected,
    order: deepest.order.map(actionOf),
    state: deepest.state,
    stuck: candidates(operations, deepest.done).map(actionOf),
  }
}

/** What may take effect next: whatever was called before the first of the others returned. */
function candidates<Action>(
  operations: readonly Operation<Action>[],
  done: bigint,
): readonly number[] {
  const found: number[] = []
  let until = Infinity
  for (const [at, { calledAt, returnedAt }] of operations.entries()) {
    if (calledAt > until) break
    if ((done & (1n << BigInt(at))) !== 0n) continue
    found.push(at)
    until = Math.min(until, returnedAt)
  }
  return found
}

function isKnown({ returnedAt }: Operation<unknown>): boolean {
  return returnedAt !== Infinity
}
