/**
 * Log lines of an encrypted instance: texts of errors may quote values of rows, which are to stand nowhere in the clear. Their places
 * in the program stay, and so do all members that the engine words itself.
 */
const QUOTING: readonly string[] = ['reason', 'message', 'cause', 'sql', 'query']
const HIDDEN = '(not logged: the instance is encrypted)'

/** The line without texts that may quote data. */
export function withoutData(line: string): string {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    return `${JSON.stringify({ msg: HIDDEN })}\n`
  }
  return `${JSON.stringify(hidden(value))}\n`
}

function hidden(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(hidden)
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      if (name === 'stack' && typeof member === 'string') return [name, framesOf(member)]
      // A number there is the engine's own, such as a port.
      const quotes = QUOTING.includes(name) && typeof member !== 'number'
      return [name, quotes ? HIDDEN : hidden(member)]
    }),
  )
}

/** A stack begins with the error's text, which may be of several lines. */
function framesOf(stack: string): string {
  const frames = stack.split('\n').filter((line) => /^\s+at .+:\d+:\d+\)?$/.test(line))
  return [HIDDEN, ...frames].join('\n')
}
