/** What test files of one process have in common: a file that changes any of it changes what the next ones see. */
export interface ProcessState {
  readonly directory: string
  readonly environment: ReadonlyMap<string, unknown>
  /** By their name; those that Node makes when they are first used have no value until then. */
  readonly globals: ReadonlyMap<string, unknown>
  readonly methods: ReadonlyMap<string, unknown>
  readonly listeners: ReadonlyMap<string, unknown>
}

/** Often replaced in tests: the clocks, chance, what is written. */
const METHODS: Readonly<Record<string, object>> = {
  Date,
  Math,
  performance,
  console,
  process,
  'process.stdout': process.stdout,
  'process.stderr': process.stderr,
}
const EVENTS = ['uncaughtException', 'unhandledRejection', 'message', 'SIGINT', 'SIGTERM', 'SIGHUP']

/** Where pkijs keeps its engine once it is loaded: the same for every file. */
const PKIJS_ENGINE = String(process.pid)

export function processState(): ProcessState {
  return {
    directory: process.cwd(),
    environment: new Map(Object.entries(process.env)),
    globals: new Map(
      Object.entries(Object.getOwnPropertyDescriptors(globalThis))
        .filter(([name]) => name !== PKIJS_ENGINE)
        .map(([name, { value }]) => [name, value as unknown]),
    ),
    methods: new Map(
      Object.entries(METHODS).flatMap(([name, object]) =>
        Object.entries(Object.getOwnPropertyDescriptors(object))
          .filter(([, { value }]) => typeof value === 'function')
          .map(([method, { value }]) => [`${name}.${method}`, value as unknown] as const),
      ),
    ),
    listeners: new Map(EVENTS.map((name) => [name, process.listenerCount(name)])),
  }
}

/** What compiled libraries define for all others of their kind. */
const LIBRARIES = /^__/

/** By their names. */
export function changesOf(before: ProcessState, after: ProcessState): readonly string[] {
  const moved = before.directory === after.directory ? [] : ['the working directory']
  const globals = differing(before.globals, after.globals).filter(
    (name) => !LIBRARIES.test(name) && !isUnused(before.globals, name),
  )
  return [
    ...moved,
    ...differing(before.environment, after.environment).map((name) => `process.env.${name}`),
    ...globals.map((name) => `globalThis.${name}`),
    ...differing(before.methods, after.methods),
    ...differing(before.listeners, after.listeners).map((name) => `the listeners of ${name}`),
  ]
}

/** One that Node makes when it is first used. */
function isUnused(globals: ReadonlyMap<string, unknown>, name: string): boolean {
  return globals.has(name) && globals.get(name) === undefined
}

function differing(
  before: ReadonlyMap<string, unknown>,
  after: ReadonlyMap<string, unknown>,
): readonly string[] {
  return [...new Set([...before.keys(), ...after.keys()])].filter(
    (name) => !Object.is(before.get(name), after.get(name)),
  )
}
