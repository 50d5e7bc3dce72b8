/** Numbers of options. */
import { CommandProblem } from './problem.ts'

/** Throws CommandProblem. */
export function numberOf(
  flag: string,
  text: string,
  bounds: { readonly min: number; readonly max: number; readonly whole?: true },
): number {
  const value = Number(text)
  const fits = value >= bounds.min && value <= bounds.max
  if (text.trim() !== '' && fits && (!bounds.whole || Number.isInteger(value))) return value
  const kind = bounds.whole ? 'whole number' : 'number'
  throw new CommandProblem(`${flag} must be a ${kind} from ${bounds.min} to ${bounds.max}`)
}
