/** What benchmarks print, and what of it is kept. */
export function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

export interface Finding {
  readonly what: string
  readonly found: string
  /** Absent for what is measured to be known. */
  readonly aim?: string
}

const findings: Finding[] = []

/** Printed, and kept: a child's by its parent. */
export function report(it: Finding): void {
  say(`${it.what}: ${it.found}${it.aim === undefined ? '' : ` (aim: ${it.aim})`}`)
  if (process.send) process.send(it)
  else keep(it)
}

export function keep(it: Finding): void {
  findings.push(it)
}

export function reported(): readonly Finding[] {
  return findings
}

export function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0
}
