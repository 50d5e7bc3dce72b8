/**
 * `emrys serve`. Standard output belongs to one line, which says that the server is ready and where; logs go to standard
 * error. SIGTERM and SIGINT end it in order, a second one at once, and so does the first while it starts; SIGHUP has the
 * environment's file read again.
 */
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { Command, Option } from 'commander'
import { loadConfig, type Config, type Loaded } from '../config/config.ts'
import { settings, type Setting } from '../config/setting.ts'
import { systemClock } from '../kernel/clock.ts'
import type { Logger } from '../kernel/log.ts'
import type { Server, Tls } from '../server/server.ts'
import { releaseIdleMemory } from './idle-memory.ts'
import { localAuthority, type LocalAuthority } from './local-authority.ts'
import { prepareDirectory } from '../store/directory-access.ts'
import { CommandProblem } from './problem.ts'
import { requireHost, startProblem } from './start-problem.ts'
import { boundYoungGeneration } from './young-generation.ts'

const EXAMPLES = `
Examples:
  emrys serve                              on http://127.0.0.1:4580, data in ~/.local/share/emrys
  emrys serve --port 0 --data-dir ./data   on a free port; it is printed on standard output
  emrys serve --simulation-default immediate --allow-reset
                                           for test suites: clusters are ready at once, and may be removed all together
  emrys serve --tls-generate               HTTPS, with an authority of its own for clients to trust
  EMRYS_LOG_LEVEL=debug emrys serve        every setting may come from the environment …
  emrys serve --config emrys.yaml          … or from a file: \`simulation: { default: "time:5" }\`

Flags win over the environment, the environment wins over the file. \`emrys config\` shows what is in force and from where.
Listening elsewhere than on loopback needs \`--development-key false\`, because everybody knows that key.
Administration needs the token in the data directory's file admin-token, which only the server's own user can read; the other
commands read it there, with the same EMRYS_DATA_DIR.`

/** The whole stop takes less than 5 s; what a step had not finished by then is taken up at the next start. */
const STOP_MS = 4_500
const RENEW_EVERY_MS = 24 * 3_600_000

type Flags = Readonly<Record<string, string | undefined>>

export function serveCommand(): Command {
  const command = withSettings(
    new Command('serve')
      .summary('start the server')
      .description('Starts the server, and runs until it is stopped.')
      .addHelpText('after', EXAMPLES),
  )
  return command.action(async (_options: unknown, it: Command) => serve(flagsOf(it)))
}

/** Every declared setting as a flag, and `--config`. */
export function withSettings(command: Command): Command {
  command.addOption(
    new Option('--config <file>', 'settings in YAML or JSON; flags and environment win').env(
      'EMRYS_CONFIG',
    ),
  )
  for (const setting of settings) if (setting.flag) command.addOption(optionOf(setting))
  return command
}

/** What a server would run with, were it started with these flags. Throws ConfigProblem or CommandProblem. */
export function loadWith(flags: Flags): Loaded {
  const { config: path, ...rest } = flags
  const file = path === undefined ? {} : { file: readText(path, 'the configuration file') }
  return loadConfig({ ...file, env: process.env, flags: rest })
}

/** The flags that were given, by the setting's name; `config` is the file. A switch without a value is on. */
export function flagsOf(command: Command): Flags {
  const given = command.opts<Record<string, string | true | undefined>>()
  const text = (name: string) => (given[name] === true ? 'true' : given[name])
  const named = settings.map((setting) => [setting.name, text(setting.name)])
  return { ...Object.fromEntries(named), config: text('config') }
}

function optionOf(setting: Setting): Option {
  const isSwitch = setting.default === 'true' || setting.default === 'false'
  const shown = setting.default === '' ? '' : ` (default: ${setting.default})`
  const option = new Option(
    `${setting.flag ?? ''} ${isSwitch ? '[true|false]' : '<value>'}`,
    `${setting.description}${shown} [${setting.env}]`,
  )
  // Commander would make `tlsCert` of `--tls-cert`; settings go by their declared names.
  option.attributeName = () => setting.name
  return option
}

async function serve(flags: Flags): Promise<void> {
  const endStart = startSignals()
  ignoreClosedPipes()
  const { config, inForce } = loadWith(flags)
  const { logger } = await import('../kernel/log.ts')
  const log = logger(config.logLevel)
  const server = await started({ config, inForce }, log)
  const stop = stopSignal(endStart)
  process.stdout.write(`emrys is ready at ${server.url}\n`)
  boundYoungGeneration()
  void releaseIdleMemory()
  if (config.substrates['hadoop'] !== 'local')
    log.info({}, 'EMR clusters are simulated; substrate.emr=local runs them (`emrys engines`)')
  process.on('SIGHUP', () => server.reloadEnvironment())
  const signal = await stop
  if (config.drainSeconds > 0) {
    log.info({ signal, seconds: config.drainSeconds }, 'about to stop: not ready, still answering')
    server.drain()
    await pause(config.drainSeconds * 1000)
  }
  log.info({ signal }, 'stopping: no new requests, those under way are answered')
  const late = setTimeout(() => {
    log.warn({}, 'stopped before everything under way had ended; it continues at the next start')
    process.exit(0)
  }, STOP_MS)
  await server.close()
  clearTimeout(late)
  log.info({}, 'stopped')
  process.exitCode = 0
}

async function started({ config, inForce }: Loaded, log: Logger): Promise<Server> {
  try {
    await requireHost(config)
    prepareDirectory(config.dataDir, config)
    const authority = config.tlsGenerate
      ? await localAuthority({ dataDir: config.dataDir, host: config.host, clock: systemClock() })
      : undefined
    const tls = (await authority?.serverPair()) ?? givenPair(config)
    // Loaded here and not above: `emrys --help` answers without the weight of a server.
    const { startServer } = await import('../server/server.ts')
    const server = await startServer({ config, inForce, log, ...(tls ? { tls } : {}) })
    if (authority) keepRenewed(authority, server, log)
    return server
  } catch (problem) {
    throw startProblem(problem, config)
  }
}

function givenPair(config: Config): Tls | undefined {
  if (config.tlsCert === '') return undefined
  const pair = {
    cert: readText(config.tlsCert, 'the certificate'),
    key: readText(config.tlsKey, "the certificate's key"),
  }
  // Node listens with an empty or unmatched pair as well, and then every handshake fails.
  if (!new X509Certificate(pair.cert).checkPrivateKey(createPrivateKey(pair.key)))
    throw new CommandProblem(
      `the key in ${config.tlsKey} is not that of the certificate in ${config.tlsCert}`,
    )
  return pair
}

function keepRenewed(authority: LocalAuthority, server: Server, log: Logger): void {
  log.info({ authority: authority.authorityFile }, 'clients must trust the authority in this file')
  const renew = () => {
    authority.serverPair().then(
      (pair) => server.useCertificate(pair),
      (problem: unknown) => log.error({ err: problem }, 'renewing the certificate failed'),
    )
  }
  setInterval(renew, RENEW_EVERY_MS).unref()
}

const STOP_SIGNALS = [
  ['SIGINT', 2],
  ['SIGTERM', 15],
] as const

/**
 * While it starts, a signal ends the process on the spot, whatever it is doing: what is on the disk is whole at any moment. That
 * is what the system does with nobody listening, even while this thread waits for a disk. The first process of a container is
 * the exception, to which the system sends nothing that it does not listen to. Returns what ends that.
 */
function startSignals(): () => void {
  if (process.pid !== 1) return () => {}
  const ends = STOP_SIGNALS.map(([signal, number]) => {
    const end = () => process.exit(128 + number)
    process.on(signal, end)
    return () => process.off(signal, end)
  })
  return () => {
    for (const end of ends) end()
  }
}

/** Resolves with the first signal to stop; a second one ends the process on the spot. */
function stopSignal(endStart: () => void): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>()
  let stopping = false
  for (const [signal, number] of STOP_SIGNALS)
    process.on(signal, () => {
      if (stopping) process.exit(128 + number)
      stopping = true
      resolve(signal)
    })
  endStart()
  return promise
}

/** The reader of our output may close it (`emrys serve | head -1`); the server continues. */
function ignoreClosedPipes(): void {
  process.stdout.on('error', () => {})
  process.stderr.on('error', () => {})
}

function readText(file: string, what: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (problem) {
    const { code = 'unreadable' } = problem as NodeJS.ErrnoException
    throw new CommandProblem(`${what} ${file} is not readable (${code})`, { cause: problem })
  }
}
