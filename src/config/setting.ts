/** Every setting there is, declared once: the file, the environment, the flags, `emrys config` and the documents derive from it. */
import { homedir } from 'node:os'
import { join } from 'node:path'
import {
  anyText,
  collectorAddress,
  decimal,
  directoryName,
  emptyOr,
  folderAddress,
  httpAddress,
  oneOf,
  pathOf,
  someText,
  storePlace,
  trueOrFalse,
  wholeNumber,
} from './value.ts'
import { userCache } from '../kernel/place.ts'
import { kubernetesSettings } from './kubernetes.ts'
import { progressionOf } from '../substrate/simulation/progression.ts'

export interface Setting {
  /** Its place in the file: `tls.cert` is `tls: { cert: … }`. */
  readonly name: string
  readonly env: string
  /** The flag of `emrys serve`, where it has one. */
  readonly flag?: string | undefined
  readonly default: string
  readonly description: string
  /** Never shown, and not accepted as a flag, which other users of the machine could read. */
  readonly secret?: boolean
  /** Throws with a sentence when the text is not a legal value. */
  readonly check: (text: string) => unknown
}

/** Engine families whose simulated pace can be set apart. */
export const families = ['starrocks', 'hadoop', 'clickhouse', 'doris', 'druid', 'kafka'] as const

const LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const

export const settings: readonly Setting[] = [
  setting(
    'host',
    'Address to listen on. Anything but loopback needs the development key to be off.',
    '127.0.0.1',
    someText,
  ),
  setting('port', 'Port to listen on; 0 takes a free one.', '4580', wholeNumber(0, 65_535)),
  setting(
    'data-dir',
    'Where everything that must survive is kept.',
    defaultDataDir(),
    directoryName,
  ),
  setting(
    'init',
    'Whether a directory that holds foreign files may become a data directory.',
    'false',
    trueOrFalse,
  ),
  setting(
    'store',
    'Where clusters, accounts and all else are remembered: `embedded`, in the data directory, or the address of a PostgreSQL database that several servers may share, postgres://user@host:port/database?sslmode=verify-full&sslrootcert=FILE (docs/scaling.md).',
    'embedded',
    storePlace,
  ),
  setting(
    'store-password-file',
    "File with the password for the database, read for every connection; empty leaves it to PGPASSFILE and ~/.pgpass, as PostgreSQL's own programs do.",
    '',
    anyText,
  ),
  setting(
    'drain-seconds',
    'How long a server that was asked to stop keeps answering while /_emrys/ready says that it is not ready and each answer ends its connection, so that a balancer before several servers notices; 0 stops at once.',
    '0',
    wholeNumber(0, 600),
  ),
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
    'Speak HTTPS with a certificate of a local authority that Emrys creates in its data directory.',
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
    'probes',
    'Who may ask at /_emrys/health and /_emrys/ready whether the server is up and ready: `loopback`, or `any`, who gets the HTTP status and nothing else. Probes of Kubernetes and of balancers come from other machines.',
    'loopback',
    oneOf(['loopback', 'any']),
  ),
  setting(
    'console',
    'Whether /console answers browsers on this machine (docs/console.md).',
    'true',
    trueOrFalse,
  ),
  setting(
    'tracing.endpoint',
    'Collector of OpenTelemetry that spans are sent to, by OTLP over HTTP, such as http://127.0.0.1:4318; `v1/traces` follows it. Empty records none (docs/operations.md).',
    '',
    emptyOr(collectorAddress),
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
    'alibaba.body-digest',
    "Whether a body under Alibaba's older signature (HMAC-SHA1) must come with its Content-MD5, without which it is not signed: `optional`, as most of the vendor's clients send none, or `required`.",
    'optional',
    oneOf(['optional', 'required']),
  ),
  setting(
    'environment.file',
    'YAML file that declares what is there: networks, keys, stock, quotas (docs/environment.md). Read again on SIGHUP.',
    '',
    anyText,
  ),
  setting(
    'environment.mode',
    'Whether undeclared ids are adopted when first used (`open`) or refused (`closed`).',
    'open',
    oneOf(['open', 'closed']),
  ),
  setting(
    'metadata.probe',
    "Whether the connection to a client's own metadata database is tested: `off`, `loopback` (addresses of this machine, and only while the server itself listens on loopback) or `any`.",
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
    'substrate.default',
    'What runs clusters for which nothing else is set: simulation.',
    'simulation',
    oneOf(['simulation', 'local']),
  ),
  setting(
    'substrate.starrocks',
    'What carries StarRocks instances: local (processes on this machine), kubernetes (pods, with kubernetes.kubeconfig) or simulation.',
    'local',
    oneOf(['local', 'simulation', 'kubernetes']),
  ),
  setting(
    'substrate.emr',
    'What carries EMR clusters of the classes hadoop, kafka and clickhouse: simulation, local (daemons on this machine, which need what `emrys engines` lists, and Java 17), or kubernetes (pods by operators: kafka, clickhouse, and of hadoop those that are ZooKeeper alone; Doris and serverless HBase are carried there by the tag emrys:substrate).',
    'simulation',
    oneOf(['simulation', 'local', 'kubernetes']),
  ),
  setting(
    'local.memory',
    'MiB of memory of this machine for all that runs on it; EMR clusters that would exceed it are refused. 0 is three quarters of what it has.',
    '0',
    wholeNumber(0, 16_777_216),
  ),
  setting(
    'local.threads-per-cpu',
    'Threads of an engine on this machine for each CPU of its compute nodes.',
    '0.125',
    decimal(0, 64),
  ),
  setting(
    'local.memory-per-cpu',
    'MiB of memory of an engine on this machine for each CPU with 4 GiB of its compute nodes.',
    '64',
    wholeNumber(1, 65_536),
  ),
  setting(
    'local.advertised-host',
    'Host name in the endpoints of engines on this machine; empty means the address listened on.',
    '',
    anyText,
  ),
  setting(
    'local.keep-running',
    'Whether engines on this machine continue when the server stops, and are adopted by the next one; false ends them with it.',
    'true',
    trueOrFalse,
  ),
  setting(
    'local.client-code',
    "Whether code of clients runs on this machine, as the server's own user (SECURITY.md): bootstrap scripts, and steps of job flows with jars, options and addresses of their own. false refuses it by name.",
    'false',
    trueOrFalse,
  ),
  ...kubernetesSettings(setting, anyText),
  setting(
    'engines.cache',
    'Where what engines need beside what is installed is kept, for all servers of this user (`emrys engines`).',
    userCache(),
    directoryName,
  ),
  setting(
    'engines.fetch',
    'What becomes of an EMR cluster for which this machine lacks what its services run of: never (refused, with the command that brings it), or auto (fetched while the cluster waits).',
    'never',
    oneOf(['never', 'auto']),
  ),
  setting(
    'engines.python-index',
    "Python index that `emrys engines fetch` asks; empty asks the one that the machine's pip is configured with.",
    '',
    emptyOr(folderAddress),
  ),
  setting(
    'engines.maven-repository',
    "Maven repository that `emrys engines fetch` asks; empty asks the one that the machine's Maven is configured with.",
    '',
    emptyOr(folderAddress),
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
