/** Numbers of rand(seed): C++'s mt19937_64, as StarRocks has it, begun again by each statement. reference: be/src/exprs/math_functions.cpp */

const SIZE = 312
const HALF = 156
const MASK = (1n << 64n) - 1n
const UPPER = MASK ^ ((1n << 31n) - 1n)
const LOWER = (1n << 31n) - 1n

interface Generator {
  readonly state: bigint[]
  at: number
}

function seeded(seed: bigint): Generator {
  const state = [BigInt.asUintN(64, seed)]
  for (let index = 1; index < SIZE; index += 1) {
    const before = state[index - 1] ?? 0n
    state.push((6_364_136_223_846_793_005n * (before ^ (before >> 62n)) + BigInt(index)) & MASK)
  }
  return { state, at: SIZE }
}

function twist({ state }: Generator): void {
  for (let index = 0; index < SIZE; index += 1) {
    const joined = ((state[index] ?? 0n) & UPPER) | ((state[(index + 1) % SIZE] ?? 0n) & LOWER)
    const turned = (joined >> 1n) ^ (joined & 1n ? 0xb502_6f5a_a966_19e9n : 0n)
    state[index] = (state[(index + HALF) % SIZE] ?? 0n) ^ turned
  }
}

function next(generator: Generator): bigint {
  if (generator.at === SIZE) {
    twist(generator)
    generator.at = 0
  }
  let value = generator.state[generator.at] ?? 0n
  generator.at += 1
  value ^= (value >> 29n) & 0x5555_5555_5555_5555n
  value ^= (value << 17n) & 0x71d6_7fff_eda6_0000n
  value ^= (value << 37n) & 0xfff7_eee0_0000_0000n
  return value ^ (value >> 43n)
}

/** Those of the statements that asked last. */
const generators = new Map<string, Generator>()
const GENERATORS_KEPT = 64

/** The next number of the statement's sequence, from 0 to below 1. */
export function seededRandom(seed: bigint, statement: bigint): number {
  const key = `${statement}/${seed}`
  const generator = generators.get(key) ?? seeded(seed)
  generators.delete(key)
  generators.set(key, generator)
  for (const oldest of generators.keys()) {
    if (generators.size <= GENERATORS_KEPT) break
    generators.delete(oldest)
  }
  const value = Number(next(generator)) / 2 ** 64
  return value < 1 ? value : 1 - Number.EPSILON / 2
}
