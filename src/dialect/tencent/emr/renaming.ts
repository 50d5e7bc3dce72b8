/**
 * Refusals in the words of a request that was read as another one: the newer actions say the same as the older ones under other names
 * (reference: tencent-emr.md 1, generation rules), and clients must learn of what they wrote.
 */
import { Fault } from '../../../domain/fault.ts'

/** From the beginning of a parameter's path, as it is judged, to what the client calls it. */
export type Renaming = readonly (readonly [from: string, to: string])[]

export interface Words {
  readonly names: Renaming
  /** Codes that the newer action has in place of the older one's. */
  readonly codes?: ReadonlyMap<string, string>
}

/** Throws what `work` throws, with the names of parameters replaced by the first entry that fits. */
export function renaming<T>(words: Words, work: () => T): T {
  try {
    const done = work()
    return done instanceof Promise
      ? (done.catch((problem: unknown) => {
          throw renamed(words, problem)
        }) as T)
      : done
  } catch (problem) {
    throw renamed(words, problem)
  }
}

function renamed({ names, codes }: Words, problem: unknown): unknown {
  if (!(problem instanceof Fault)) return problem
  const { code, facts } = problem as Fault
  if (code === 'ParametersRefused') {
    const { refusals } = facts as Fault<'ParametersRefused'>['facts']
    const said = refusals.map((each) => {
      const { code: was } = each
      const own = was === undefined ? {} : { code: codes?.get(was) ?? was }
      return { ...each, ...own, name: nameOf(names, each.name) }
    })
    return new Fault('ParametersRefused', { refusals: said })
  }
  if (code === 'NotSupported') {
    const { what, detail } = facts as Fault<'NotSupported'>['facts']
    return new Fault('NotSupported', { what: nameOf(names, what), detail })
  }
  const { parameter } = facts as { readonly parameter?: string }
  if (parameter === undefined || parameter === '') return problem
  return new Fault(code, { ...facts, parameter: nameOf(names, parameter) })
}

function nameOf(names: Renaming, name: string): string {
  const found = names.find(([from]) => name === from || name.startsWith(`${from}.`))
  return found ? found[1] + name.slice(found[0].length) : name
}
