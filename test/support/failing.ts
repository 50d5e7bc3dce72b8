/** Wraps a port so that its nth call fails once, before or after doing its work: what a crash at that place looks like. */
export function failing<T extends object>(
  port: T,
  nth: number,
  when: 'before' | 'after',
): { port: T; struck(): boolean } {
  let calls = 0
  let struck = false
  const wrapped = new Proxy(port, {
    get(target, name, receiver) {
      const member: unknown = Reflect.get(target, name, receiver)
      if (typeof member !== 'function' || name === 'onMark' || name === 'close') return member
      return async (...given: unknown[]) => {
        const strike = ++calls === nth
        if (strike) struck = true
        if (strike && when === 'before') throw new Error(`injected before ${String(name)}`)
        const result: unknown = await (member as (...args: unknown[]) => unknown).apply(
          target,
          given,
        )
        if (strike) throw new Error(`injected after ${String(name)}`)
        return result
      }
    },
  })
  return { port: wrapped, struck: () => struck }
}
