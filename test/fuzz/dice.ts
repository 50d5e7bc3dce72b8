/** Choices from a seed: the same text gives the same choices on every machine. */
import { random } from '../../src/kernel/random.ts'

export interface Dice {
  /** A whole number from 0 to `count - 1`. */
  below(count: number): number
  between(min: number, max: number): number
  chance(probability: number): boolean
  pick<T>(choices: readonly T[]): T
  /** `count` different ones, in their order. */
  some<T>(choices: readonly T[], count: number): readonly T[]
}

export function dice(seed: string): Dice {
  const source = random(seed)
  const below = (count: number) => Math.floor(source.fraction() * count)
  return {
    below,
    between: (min, max) => min + below(max - min + 1),
    chance: (probability) => source.fraction() < probability,
    pick(choices) {
      const chosen = choices[below(choices.length)]
      if (chosen === undefined && choices.length === 0) throw new Error('nothing to choose from')
      return chosen as (typeof choices)[number]
    },
    some(choices, count) {
      const left = choices.map((_, at) => at)
      const taken: number[] = []
      while (taken.length < count && left.length > 0)
        taken.push(...left.splice(below(left.length), 1))
      return taken.sort((a, b) => a - b).map((at) => choices[at]!)
    },
  }
}
