/**
 * The configuration: one declared list of settings, read from a file, the environment and flags (the later wins). A setting
 * that is not declared is refused, so that a misspelt one is not silently without effect; of the environment, which others
 * write to as well, what is spelt almost like a setting.
 */
import type { LogLevel } from '../kernel/log.ts'
import { yaml } from '../kernel/yaml.ts'
import { nearest } from './nearest.ts'
import { families, settings, type Setting } from './setting.ts'
import type { ProbeMode } from '../adapter/metadata-probe/address.ts'
import type { PostgresAddress } from '../store/postgres/address.ts'
import { kubernetesOf, type KubernetesConfig } from './kubernetes.ts'
import type { Progression, Progressions } from '../substrate/simulation/progression.ts'

export interface Config {
  readonly host: string
  readonly port: number
  readonly dataDir: string
  /** Whether the data directory may hold files that are not Emrys's. */
  readonly init: boolean
  readonly store: 'embedded' | PostgresAddress
  readonly storePasswordFile: string
  readonly logLevel: LogLevel
  readonly tlsCert: string
  readonly tlsKey: string
  readonly tlsGenerate: boolean
  readonly seed: string
  readonly developmentKey: boolean
  readonly allowReset: boolean
  readonly probes: 'loopback' | 'any'
  readonly drainSeconds: number
  /** Whether there are pages for browsers; they are unless it is false. */
  readonly console?: boolean
  readonly requestsPerSecond: number
  /** Where spans go; nowhere unless there is an endpoint. */
  readonly tracing?: { readonly endpoint: string }
  readonly errorCodes: 'seed' | 'current'
  readonly bodyDigest: 'optional' | 'required'
  readonly environmentFile: string
  readonly environmentMode: 'open' | 'closed'
  readonly metadataProbe: ProbeMode
  readonly keyService: KeyServiceConfig
  /** What runs clusters, by engine family. */
  readonly substrates: Readonly<Record<string, string>> & { readonly default: string }
  readonly local: LocalConfig
  readonly kubernetes?: KubernetesConfig
  readonly engines: EnginesConfig
  readonly progressions: Progressions
}

export interface LocalConfig {
  readonly threadsPerCpu: number
  readonly memoryMibPerCpu: number
  /** Of the machine, for all that runs on it; three quarters unless it is more than 0. */
  readonly memoryMib?: number
  /** Empty: clients are given the address listened on. */
  readonly advertisedHost: string
  /** Whether engines outlive the server. */
  readonly keepRunning: boolean
  /** Whether clients are trusted with this machine: their scripts and the jars of their jobs run as the server's own user. */
  readonly clientCode?: boolean
}

/** Where what engines need is kept, and comes from; empty addresses leave it to the machine. */
export interface EnginesConfig {
  readonly cache: string
  /** Whether an EMR cluster waits for what is fetched for it; what is not there is refused otherwise. */
  readonly fetch?: 'auto' | 'never'
  readonly pythonIndex: string
  readonly mavenRepository: string
}

export type KeyServiceConfig =
  | { readonly driver: 'built-in' }
  | {
      readonly driver: 'transit'
      readonly address: string
      readonly mount: string
      readonly namespace: string
      readonly token: string
      readonly tokenFile: string
      readonly caFile: string
    }

export type Origin = 'default' | 'file' | 'environment' | 'flag'

export interface InForce {
  readonly name: string
  readonly value: string
  readonly default: string
  readonly from: Origin
}

export interface Loaded {
  readonly config: Config
  /** What is in force and from where, in the order of declaration. */
  readonly inForce: readonly InForce[]
}

/** Everything that is wrong with the configuration, one sentence each. */
export class ConfigProblem extends Error {
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(problems.join('\n'))
    this.name = 'ConfigProblem'
    this.problems = problems
  }
}

/** `file` is the text of the configuration file (YAML or JSON); flags are by the setting's name. Throws ConfigProblem. */
export function loadConfig(sources: {
  readonly file?: string
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly flags?: Readonly<Record<string, string | undefined>>
}): Loaded {
  const problems: string[] = []
  const fromFile =
    sources.file === undefined ? new Map<string, string>() : readFile(sources.file, problems)
  problems.push(...unknownIn(fromFile), ...misspeltIn(sources.env ?? {}))
  const values = new Map<string, unknown>()
  const inForce = settings.map((each): InForce => {
    const chosen = choose(each, fromFile, sources)
    try {
      values.set(each.name, each.check(chosen.value))
    } catch (problem) {
      problems.push(`${each.name} (from ${chosen.from}): ${(problem as Error).message}`)
    }
    const value = each.secret && chosen.value !== '' ? '(not shown)' : chosen.value
    return { name: each.name, value, default: each.default, from: chosen.from }
  })
  if (problems.length > 0) throw new ConfigProblem(problems)
  const config = assemble(values)
  const contradictions = contradictionsOf(config)
  if (contradictions.length > 0) throw new ConfigProblem(contradictions)
  return { config, inForce }
}

function unknownIn(file: ReadonlyMap<string, string>): readonly string[] {
  const known = settings.map(({ name }) => name)
  return [...file.keys()]
    .filter((name) => !known.includes(name))
    .map((name) => {
      const meant = nearest(name, known)
      const hint =
        meant === undefined ? '`emrys config --local` lists them' : `did you mean ${meant}?`
      return `the configuration file sets ${name}, which is not a setting; ${hint}`
    })
}

const PREFIX = 'EMRYS_'

/** Variables of the command itself (EMRYS_URL), of tests, of containers' services (EMRYS_PORT_4580_TCP) are not the settings' business. */
function misspeltIn(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  const known = settings.map((setting) => setting.env.slice(PREFIX.length))
  return Object.keys(env)
    .filter((name) => name.startsWith(PREFIX) && !known.includes(name.slice(PREFIX.length)))
    .flatMap((name) => {
      const meant = nearest(name.slice(PREFIX.length), known)
      return meant === undefined
        ? []
        : [`${name} is set, which is not a setting; did you mean ${PREFIX}${meant}?`]
    })
}

/** Settings that are each legal and do not go together. */
function contradictionsOf(config: Config): readonly string[] {
  const found: string[] = []
  if ((config.tlsCert === '') !== (config.tlsKey === ''))
    found.push('tls.cert and tls.key belong together; one of them is not set')
  if (config.tlsGenerate && config.tlsCert !== '')
    found.push('tls.generate creates a certificate and tls.cert names one; choose one of them')
  if (config.storePasswordFile !== '' && config.store === 'embedded')
    found.push('store-password-file is for a database; store must be its address')
  const keys = config.keyService
  if (keys.driver === 'transit' && keys.address === '')
    found.push('key-service.driver is transit; key-service.transit.address must say where it is')
  if (keys.driver === 'transit' && keys.token === '' && keys.tokenFile === '')
    found.push('key-service.driver is transit; it needs key-service.transit.token-file or .token')
  return found
}

function choose(
  it: Setting,
  file: ReadonlyMap<string, string>,
  sources: Parameters<typeof loadConfig>[0],
): { value: string; from: Origin } {
  const flag = sources.flags?.[it.name]
  if (flag !== undefined) return { value: flag, from: 'flag' }
  const env = sources.env?.[it.env]
  if (env !== undefined) return { value: env, from: 'environment' }
  const written = file.get(it.name)
  if (written !== undefined) return { value: written, from: 'file' }
  return { value: it.default, from: 'default' }
}

function assemble(values: ReadonlyMap<string, unknown>): Config {
  const get = <T>(name: string) => values.get(name) as T
  const paces = families.flatMap((family) => {
    const pace = get<Progression | undefined>(`simulation.${family}`)
    return pace ? [[family, pace] as const] : []
  })
  const endpoint = get<string | undefined>('tracing.endpoint')
  return {
    host: get('host'),
    port: get('port'),
    dataDir: get('data-dir'),
    init: get('init'),
    store: get('store'),
    storePasswordFile: get('store-password-file'),
    logLevel: get('log-level'),
    tlsCert: get('tls.cert'),
    tlsKey: get('tls.key'),
    tlsGenerate: get('tls.generate'),
    seed: get('seed'),
    developmentKey: get('development-key'),
    allowReset: get('allow-reset'),
    probes: get('probes'),
    drainSeconds: get('drain-seconds'),
    console: get('console'),
    requestsPerSecond: get('requests-per-second'),
    ...(endpoint ? { tracing: { endpoint } } : {}),
    errorCodes: get('tencent.error-codes'),
    bodyDigest: get('alibaba.body-digest'),
    environmentFile: get('environment.file'),
    environmentMode: get('environment.mode'),
    metadataProbe: get('metadata.probe'),
    keyService: keyServiceOf(get),
    substrates: {
      default: get('substrate.default'),
      starrocks: get('substrate.starrocks'),
      hadoop: get('substrate.emr'),
      kafka: get('substrate.emr'),
      clickhouse: get('substrate.emr'),
    },
    local: {
      threadsPerCpu: get('local.threads-per-cpu'),
      memoryMibPerCpu: get('local.memory-per-cpu'),
      memoryMib: get('local.memory'),
      advertisedHost: get('local.advertised-host'),
      clientCode: get('local.client-code'),
      keepRunning: get('local.keep-running'),
    },
    kubernetes: kubernetesOf(get),
    engines: enginesOf(get),
    progressions: {
      default: get<Progression>('simulation.default'),
      ...Object.fromEntries(paces),
    },
  }
}

function enginesOf(get: <T>(name: string) => T): EnginesConfig {
  return {
    cache: get('engines.cache'),
    fetch: get('engines.fetch'),
    pythonIndex: get<string | undefined>('engines.python-index') ?? '',
    mavenRepository: get<string | undefined>('engines.maven-repository') ?? '',
  }
}

function keyServiceOf(get: <T>(name: string) => T): KeyServiceConfig {
  const driver = get<KeyServiceConfig['driver']>('key-service.driver')
  if (driver === 'built-in') return { driver }
  return {
    driver,
    address: get<string | undefined>('key-service.transit.address') ?? '',
    mount: get('key-service.transit.mount'),
    namespace: get('key-service.transit.namespace'),
    token: get('key-service.transit.token'),
    tokenFile: get('key-service.transit.token-file'),
    caFile: get('key-service.transit.ca-file'),
  }
}

function readFile(text: string, problems: string[]): Map<string, string> {
  const flat = new Map<string, string>()
  const walk = (value: unknown, path: string) => {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      for (const [name, child] of Object.entries(value))
        walk(child, path === '' ? name : `${path}.${name}`)
    } else if (path !== '') flat.set(path, String(value))
  }
  try {
    walk(yaml().parse(text), '')
  } catch (problem) {
    problems.push(`the configuration file is not readable: ${(problem as Error).message}`)
  }
  return flat
}
