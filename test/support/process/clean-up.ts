/** What a test leaves is undone in the reverse order of its making, all of it, whatever fails on the way. */
import type { TestContext } from 'node:test'

type Undo = () => void | Promise<void>

/** A test, or what else ends. */
export type Ending = Pick<TestContext, 'after'>

const undosOf = new WeakMap<Ending, Undo[]>()

/**
 * `t.after` runs its hooks in the order of their making and skips the rest once one fails, so a directory would be removed under a
 * server that still writes to it, and the server would be left.
 */
export function cleanUp(t: Ending, undo: Undo): void {
  const known = undosOf.get(t)
  if (known !== undefined) {
    known.push(undo)
    return
  }
  const undos = [undo]
  undosOf.set(t, undos)
  t.after(async () => {
    const problems: unknown[] = []
    for (const each of undos.toReversed()) {
      await Promise.resolve()
        .then(each)
        .catch((problem: unknown) => problems.push(problem))
    }
    if (problems.length > 0) throw new AggregateError(problems, 'the test left something behind')
  })
}
