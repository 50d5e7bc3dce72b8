/**
 * Where the environment in force comes from: the declared file, read at the start and again on `reload`, or what the clouds
 * have built in. A file that is broken at the start keeps the server from starting; one that is broken later changes nothing
 * and says why in the log.
 */
import { readFileSync } from 'node:fs'
import type { BuiltIn, Environment } from '../domain/environment.ts'
import { EnvironmentProblem, readDeclared, type Declared } from './environment-file.ts'
import type { DeclaredKubernetes } from './kubernetes-source.ts'
import type { Logger } from '../kernel/log.ts'

export interface EnvironmentSource {
  inForce(product: string): Environment | undefined
  /** What it says of the Kubernetes cluster. */
  kubernetes(): DeclaredKubernetes
  /** Reads the file again; false when it is broken and the environment stayed as it was. */
  reload(): boolean
}

export interface EnvironmentSourceOptions {
  /** Empty for none. */
  readonly file: string
  readonly mode: Environment['mode']
  readonly builtIns: readonly BuiltIn[]
  readonly log: Logger
}

/** Throws EnvironmentProblem. */
export function environmentSource(options: EnvironmentSourceOptions): EnvironmentSource {
  const { file, log } = options
  let found = read(options)
  return {
    inForce: (product) => found.environments.get(product),
    kubernetes: () => found.kubernetes,
    reload() {
      try {
        found = read(options)
        log.info({ file }, 'the environment was read again')
        return true
      } catch (problem) {
        if (!(problem instanceof EnvironmentProblem)) throw problem
        const { problems } = problem
        log.error({ file, problems }, 'the environment file is broken; the old one stays in force')
        return false
      }
    },
  }
}

function read({ file, mode, builtIns }: EnvironmentSourceOptions): Declared {
  if (file === '') return readDeclared('', builtIns, mode)
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (problem) {
    const why = (problem as Error).message
    throw new EnvironmentProblem([`the environment file ${file} is not readable: ${why}`])
  }
  try {
    return readDeclared(text, builtIns, mode)
  } catch (problem) {
    if (!(problem instanceof EnvironmentProblem)) throw problem
    throw new EnvironmentProblem(problem.problems.map((each) => `${file}, ${each}`))
  }
}
