/** One piece of work at a time; who asks for many lets others in after each. */
export interface Asker {
  /** Whose turn it takes. */
  readonly user: string
  /** Called once; the listener hears when the work is not wanted any more, and why. */
  readonly onCancel?: ((listener: (reason: Error) => void) => void) | undefined
}

export interface TurnQueue {
  /** What is cancelled before its turn does not begin; afterwards it is the work's own to end. */
  run<T>(asker: Asker, work: () => Promise<T>): Promise<T>
}

export function turnQueue(): TurnQueue {
  /** By user, who comes next first. */
  const waiting = new Map<string, (() => Promise<void>)[]>()
  let isBusy = false
  const first = (): (() => Promise<void>) | undefined => {
    const [taken] = waiting
    if (taken === undefined) return undefined
    const [user, [begin, ...rest]] = taken
    waiting.delete(user)
    if (rest.length > 0) waiting.set(user, rest)
    return begin
  }
  const takeAll = async (): Promise<void> => {
    if (isBusy) return
    isBusy = true
    for (let begin = first(); begin; begin = first()) await begin()
    isBusy = false
  }
  const leave = (user: string, begin: () => Promise<void>): void => {
    const rest = waiting.get(user)?.filter((other) => other !== begin)
    if (rest === undefined) return
    if (rest.length > 0) waiting.set(user, rest)
    else waiting.delete(user)
  }
  return {
    run: ({ user, onCancel }, work) =>
      new Promise((resolve, reject) => {
        const begin = async (): Promise<void> => {
          const ended = work()
          ended.then(resolve, reject)
          await ended.catch(() => undefined)
        }
        waiting.set(user, [...(waiting.get(user) ?? []), begin])
        onCancel?.((reason) => {
          leave(user, begin)
          reject(reason)
        })
        void takeAll()
      }),
  }
}
