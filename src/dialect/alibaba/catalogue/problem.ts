/**
 * What is wrong with a value, as data, and the sentence that says so. Sets and ranges are said as the service says them;
 * the other sentences are ours in the same style. Facts: reference alibaba-starrocks.md 4.3 (message grammar).
 */

import { listed } from '../../../kernel/enumeration.ts'

/** Where it is and what would be right, for those who can say it. */
interface Place {
  /** Of the parameter, positions from 0: `BackendNodeGroups.0.cu`. */
  readonly path?: string
  readonly value?: unknown
  readonly example?: unknown
}

export type Problem = Place & Rule

type Rule =
  | {
      readonly what: string
      readonly rule: 'set'
      readonly allowed: readonly (string | number)[]
    }
  | { readonly what: string; readonly rule: 'range'; readonly min: number; readonly max: number }
  | { readonly what: string; readonly rule: 'step'; readonly min: number; readonly step: number }
  | { readonly what: string; readonly rule: 'required'; readonly when: string }
  | { readonly what: string; readonly rule: 'unsupported'; readonly when: string }

export function problemText(problem: Problem): string {
  switch (problem.rule) {
    case 'set':
      return `${problem.what} should be select from set [${listed(problem.allowed)}]`
    case 'range':
      return `${problem.what} should be in range [${problem.min}, ${problem.max}]`
    case 'step':
      return `${problem.what} should be ${problem.min} plus a multiple of ${problem.step}`
    case 'required':
      return `${problem.what} is required when ${problem.when}`
    case 'unsupported':
      return `${problem.what} is not supported when ${problem.when}`
  }
}

/** A problem when the value is none of those allowed. */
export function notIn(
  what: string,
  value: string | number,
  allowed: readonly (string | number)[],
): readonly Problem[] {
  if (allowed.includes(value)) return []
  return [{ what, rule: 'set', allowed, value, example: allowed[0] }]
}

/** A problem when the value is outside the range, or within it but between its steps. */
export function notWithin(
  what: string,
  value: number,
  range: { readonly min: number; readonly max: number; readonly step: number },
): readonly Problem[] {
  const { min, max, step } = range
  const facts = { value, example: min }
  if (!(value >= min && value <= max)) return [{ what, rule: 'range', min, max, ...facts }]
  return (value - min) % step === 0 ? [] : [{ what, rule: 'step', min, step, ...facts }]
}

/** The same problems, of this parameter, or of the members of it that they name already. */
export function within(path: string, problems: readonly Problem[]): readonly Problem[] {
  return problems.map((problem) => ({
    ...problem,
    path: problem.path === undefined ? path : `${path}.${problem.path}`,
  }))
}
