/** Lists in sentences. */

/** Longer lists teach no more: the rest is counted. */
const LISTED_MAX = 24

export function listed(words: readonly (string | number)[]): string {
  const rest = words.length - LISTED_MAX
  if (rest <= 1) return words.join(', ')
  return `${words.slice(0, LISTED_MAX).join(', ')} and ${rest} more`
}
