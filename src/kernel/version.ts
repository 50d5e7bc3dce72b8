/** Whether a version (`3.4.1`) is this one or a later one; numbers that are absent count as 0. */
export function isAtLeast(version: string, least: readonly number[]): boolean {
  const numbers = version.split('.').map(Number)
  for (const [at, number] of least.entries()) {
    const difference = (numbers[at] ?? 0) - number
    if (difference !== 0) return difference > 0
  }
  return true
}
