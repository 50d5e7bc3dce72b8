/**
 * The configuration: one declared list of settings, read from a file, the environment and flags (the later wins). A setting
 * that is not declared is refused, so that a misspelt one is not silently without effect.
 */
import { homedir } from 'node:os'
import { join } from 'node:path'
import { parse as parseYaml } from 'yaml'
import {
  anyText,
  emptyOr,
  httpAddress,
  oneOf,
  pathOf,
  trueOrFalse,
  wholeNumber,
} from './config-value.ts'
import type { LogLevel } from './kernel/log.ts'
import type { ProbeMode } from './probe/address.ts'
import type { Progression, Progressions } from './substrate/simulation/progression.ts'

export interface Config {
  readonly host: string
  readonly port: number
  readonly dataDir: string
  readonly logLevel: LogLevel
  readonly tlsCert: string
  readonly tlsKey: string
  readonly tlsGenerate: boolean
  readonly seed: string
  readonly developmentKey: boolean
  readonly allowReset: boolean
  readonly requestsPerSecond: number
  readonly errorCodes: 'seed' | 'current'
  readonly environmentFile: string
  readonly environmentMode: 'open' | 'closed'
  readonly metadataProbe: ProbeMode
  readonly keyService: KeyServiceConfig
  readonly progressions: Progressions
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
  readonly from: Origin
}

export interface Loaded {
  readonly config: Config
  /** What is in force and from where, in the order of declaration. */
  readonly inForce: readonly InForce[]
}

export interface Setting {
  /** Its place in the file: `tls.cert` is `tls: { cert: … }`. */
  readonly name: string
  readonly env: string
  /** The flag of `emrys serve`, where it has one. */
  readonly flag?: string | undefined
  readonly default: string
  readonly description: string
  /** Never told to anybody, and not to be given as a flag, which other users of the machine could read. */
  readonly secret?: boolean
  /** Throws with a sentence when the text is not a legal value. */
  readonly check: (text: string) => unknown
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

/** Engine families whose simulated pace can be set apart. */
export const families = ['starrocks', 'hadoop', 'clickhouse', 'doris', 'druid', 'kafka'] as const

const LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const

export const settings: readonly Setting[] = [
  setting(
    'host',
    'Address to listen on. Anything but loopback needs the development key to be off.',
    '127.0.0.1',
    anyText,
  ),
  setting('port', 'Port to listen on; 0 takes a free one.', '4580', wholeNumber(0, 65_535)),
  setting('data-dir', 'Where everything that must survive is kept.', defaultDataDir(), anyText),
  setting(
    'log-level',
    `How much is logged on stderr: ${LEVELS.join(', ')}.`,
    'info',
    oneOf(LEVELS),
  ),
  setting(
    'tls.cert',
    'PEM file with the certificate chain; with tls.key the server speaks HTTPS.',
    '',
    anyText,
  ),
  setting('tls.key', "PEM file with the certificate's key.", '', anyText),
  setting(
    'tls.generate',
    'Speak HTTPS with a certificate of a local authority that Emrys makes in its data directory.',
    'false',
    trueOrFalse,
  ),
  setting(
    'seed',
    'Makes ids reproducible, for tests. Ids become guessable: never on a shared server.',
    '',
    anyText,
  ),
  setting(
    'development-key',
    'Whether the well-known development key is accepted. Only on loopback.',
    'true',
    trueOrFalse,
  ),
  setting(
    'allow-reset',
    'Whether POST /_emrys/reset may remove everything. For test servers.',
    'false',
    trueOrFalse,
  ),
  setting(
    'requests-per-second',
    'Documented limit for each account, action and region; 0 is no limit.',
    '20',
    wholeNumber(0, 1_000_000),
  ),
  setting(
    'tencent.error-codes',
    "Spelling of Tencent's error codes: `seed` (2021) or `current`.",
    'seed',
    oneOf(['seed', 'current']),
  ),
  setting(
    'environment.file',
    'YAML file that declares what is there: networks, keys, stock, quotas (docs/environment.md). Read again on SIGHUP.',
    '',
    anyText,
  ),
  setting(
    'environment.mode',
    'Whether ids that nobody declared are adopted on first sight (`open`) or refused (`closed`).',
    'open',
    oneOf(['open', 'closed']),
  ),
  setting(
    'metadata.probe',
    "Whether a client's own metadata database is asked if it is there: `off`, `loopback` (addresses of this machine, and only while the server itself listens on loopback) or `any`.",
    'loopback',
    oneOf(['off', 'loopback', 'any']),
  ),
  setting(
    'key-service.driver',
    'Who keeps the keys that wrap data keys of encrypted clusters: `built-in`, or `transit` (Vault or OpenBao).',
    'built-in',
    oneOf(['built-in', 'transit']),
  ),
  setting(
    'key-service.transit.address',
    'Where Vault or OpenBao listens, such as https://127.0.0.1:8200.',
    '',
    emptyOr(httpAddress),
  ),
  setting(
    'key-service.transit.mount',
    'Path under which its Transit engine is mounted.',
    'transit',
    pathOf,
  ),
  setting('key-service.transit.namespace', 'Its namespace; empty for none.', '', anyText),
  setting(
    'key-service.transit.token-file',
    'File with the token; read for every request, so that an agent may renew it.',
    '',
    anyText,
  ),
  {
    ...setting(
      'key-service.transit.token',
      'The token itself, from the environment or the configuration file; a token-file goes before it.',
      '',
      anyText,
    ),
    flag: undefined,
    secret: true,
  },
  setting(
    'key-service.transit.ca-file',
    "PEM file with the authority of its certificate; empty trusts the machine's authorities.",
    '',
    anyText,
  ),
  setting(
    'simulation.default',
    'Pace of simulated clusters: immediate, time:SECONDS a step, or manual:LOOKS a step.',
    'time:2',
    progressionOf,
  ),
  ...families.map((family) =>
    setting(
      `simulation.${family}`,
      `Pace of simulated clusters of the ${family} family; empty follows simulation.default.`,
      '',
      emptyOr(progressionOf),
    ),
  ),
]

/** `file` is the text of the configuration file (YAML or JSON); flags are by the setting's name. Throws ConfigProblem. */
export function loadConfig(sources: {
  readonly file?: string
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly flags?: Readonly<Record<string, string | undefined>>
}): Loaded {
  const problems: string[] = []
  const fromFile =
    sources.file === undefined ? new Map<string, string>() : readFile(sources.file, problems)
  const known = new Set(settings.map((each) => each.name))
  for (const name of fromFile.keys()) {
    if (!known.has(name))
      problems.push(
        `the configuration file sets ${name}, which is not a setting; \`emrys config\` lists them`,
      )
  }
  const values = new Map<string, unknown>()
  const inForce = settings.map((each): InForce => {
    const chosen = choose(each, fromFile, sources)
    try {
      values.set(each.name, each.check(chosen.value))
    } catch (problem) {
      problems.push(`${each.name} (from ${chosen.from}): ${(problem as Error).message}`)
    }
    const value = each.secret && chosen.value !== '' ? '(not shown)' : chosen.value
    return { name: each.name, ...chosen, value }
  })
  if (problems.length > 0) throw new ConfigProblem(problems)
  const config = assemble(values)
  const contradictions = contradictionsOf(config)
  if (contradictions.length > 0) throw new ConfigProblem(contradictions)
  return { config, inForce }
}

/** Settings that are each legal and do not go together. */
function contradictionsOf(config: Config): readonly string[] {
  const found: string[] = []
  if ((config.tlsCert === '') !== (config.tlsKey === ''))
    found.push('tls.cert and tls.key belong together; one of them is not set')
  if (config.tlsGenerate && config.tlsCert !== '')
    found.push('tls.generate makes a certificate and tls.cert brings one; choose one of them')
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
  return {
    host: get('host'),
    port: get('port'),
    dataDir: get('data-dir'),
    logLevel: get('log-level'),
    tlsCert: get('tls.cert'),
    tlsKey: get('tls.key'),
    tlsGenerate: get('tls.generate'),
    seed: get('seed'),
    developmentKey: get('development-key'),
    allowReset: get('allow-reset'),
    requestsPerSecond: get('requests-per-second'),
    errorCodes: get('tencent.error-codes'),
    environmentFile: get('environment.file'),
    environmentMode: get('environment.mode'),
    metadataProbe: get('metadata.probe'),
    keyService: keyServiceOf(get),
    progressions: {
      default: get<Progression>('simulation.default'),
      ...Object.fromEntries(paces),
    },
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

/** `immediate`, `time:SECONDS` or `manual:LOOKS`. Throws with a sentence. */
export function progressionOf(text: string): Progression {
  const [mode, amount] = text.split(':')
  const number = Number(amount)
  if (text === 'immediate') return { mode: 'immediate' }
  if (mode === 'time' && amount && number >= 0 && number <= 86_400) return { mode, seconds: number }
  if (mode === 'manual' && Number.isInteger(number) && number >= 1 && number <= 1000)
    return { mode, every: number }
  throw new Error(
    `\`${text}\` is not a pace; write immediate, time:SECONDS (0 to 86400) or manual:LOOKS (1 to 1000)`,
  )
}

/** The text that `progressionOf` reads. */
export function progressionText(pace: Progression): string {
  if (pace.mode === 'time') return `time:${pace.seconds}`
  return pace.mode === 'manual' ? `manual:${pace.every}` : 'immediate'
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
    walk(parseYaml(text), '')
  } catch (problem) {
    problems.push(`the configuration file is not readable: ${(problem as Error).message}`)
  }
  return flat
}

function setting(
  name: string,
  description: string,
  fallback: string,
  check: (text: string) => unknown,
): Setting {
  const env = `EMRYS_${name.toUpperCase().replaceAll(/[.-]/g, '_')}`
  return {
    name,
    env,
    flag: `--${name.replaceAll('.', '-')}`,
    default: fallback,
    description,
    check,
  }
}

function defaultDataDir(): string {
  return join(process.env['XDG_DATA_HOME'] ?? join(homedir(), '.local', 'share'), 'emrys')
}
