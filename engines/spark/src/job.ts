/**
 * Steps of job flows that Spark and its server of SQL run. `spark-submit`: a program in a jar or in Python is an application of YARN, marked, so
 * that the ResourceManager says what became of it. `hive -f`: a file of statements is sent to the server of SQL by Hive's own command line. Both are
 * code of the client's own, for whoever runs this machine to allow: SQL can read this machine's files and load classes.
 */
import { bucketPreparation, ELSEWHERE, jobMark, taggedApplications } from '../../hadoop/client.ts'
import type {
  DaemonPlan,
  JavaProgram,
  JobRequest,
  JobType,
  MachineProgram,
} from '../../../src/substrate/local/service.ts'
import { history } from './history.ts'
import { environmentOf } from './spark-default.ts'
import { requiresPassword, sqlServer } from './sql-server.ts'

const TRUST = 'it is code of a client, which on this machine the setting local.client-code allows'

export const sparkJob: JobType = {
  command: 'spark-submit',
  daemon: history.name,
  unmet: unmetSubmission,
  files: (plan) => history.files(plan),
  machineProgram: ({ args }) => (isPython(readSubmission(args)) ? PYTHON : undefined),
  environment: (plan, python) => ({
    ...environmentOf(plan),
    ...(python !== undefined && pythonEnvironment(plan, python)),
  }),
  prepare: (plan) => bucketPreparation(plan),
  programs: (_plan, { id, args }) => [
    {
      main: 'org.apache.spark.deploy.SparkSubmit',
      args: ['--conf', `${TAGS}=${jobMark(id)}`, ...args],
      options: [`-Xmx${driverMemory(readSubmission(args))}`],
    },
  ],
  applications: (plan, { id }) => taggedApplications(plan, jobMark(id)),
}

/** Its containers run on the machine itself, and so with the same one. */
const PYTHON: MachineProgram = {
  name: 'python3',
  package: 'python3',
  use: 'programs of Spark in Python',
  versionArgs: ['--version'],
  versionMin: [3, 8],
}
/** What such a program imports, which comes with Spark. */
const PYTHON_LIBRARIES = ['pyspark.zip', 'py4j-0.10.9.7-src.zip']

/** For the program in the client itself, and for what the client has containers find. */
function pythonEnvironment({ library }: DaemonPlan, python: string): Record<string, string> {
  const paths = PYTHON_LIBRARIES.map((name) => `${library}/${name}`)
  return {
    PYSPARK_PYTHON: python,
    PYSPARK_ARCHIVES_PATH: paths.map((path) => `local:${path}`).join(),
    PYTHONPATH: paths.join(':'),
  }
}

const TAGS = 'spark.yarn.tags'
const MEMORY = 'spark.driver.memory'
/** Spark takes no less. */
const MEMORY_MIN = '512m'
/** Options of spark-submit without a value. */
const SWITCHES: ReadonlySet<string> = new Set([
  '--help',
  '-h',
  '--supervise',
  '--usage-error',
  '--verbose',
  '-v',
  '--version',
])

interface Submission {
  /** By their names; of `--conf` each property by its own. */
  readonly options: ReadonlyMap<string, string>
  /** What is run: a jar, a file of Python, or a word of Spark's own. */
  readonly program: string | undefined
}

function readSubmission(args: readonly string[]): Submission {
  const options = new Map<string, string>()
  let at = 0
  for (; at < args.length; at++) {
    const word = args[at] ?? ''
    if (!word.startsWith('-')) break
    const [name = '', ...rest] = word.split('=')
    const value = rest.length > 0 ? rest.join('=') : SWITCHES.has(name) ? '' : (args[++at] ?? '')
    if (name !== '--conf' && name !== '-c') options.set(name, value)
    else {
      const [property = '', ...set] = value.split('=')
      options.set(property, set.join('='))
    }
  }
  return { options, program: args[at] }
}

/** As Spark itself tells. */
function isPython({ program }: Submission): boolean {
  return program?.endsWith('.py') === true
}

function isInCluster({ options }: Submission): boolean {
  return (options.get('--deploy-mode') ?? options.get('spark.submit.deployMode')) === 'cluster'
}

/** Its heap, where the program runs in the client itself. */
function driverMemory(submission: Submission): string {
  const { options } = submission
  const asked = options.get('--driver-memory') ?? options.get(MEMORY) ?? ''
  return !isInCluster(submission) && HEAP.test(asked) ? asked : MEMORY_MIN
}

const HEAP = /^\d+[kmgt]$/i

/** What only the script that starts a client could carry out, which is another one here. */
const OF_SCRIPT = [
  '--driver-java-options',
  '--driver-class-path',
  '--driver-library-path',
  'spark.driver.extraJavaOptions',
  'spark.driver.extraClassPath',
  'spark.driver.extraLibraryPath',
]

function unmetSubmission({ args, trusted }: JobRequest): string | undefined {
  const submission = readSubmission(args)
  const { options, program } = submission
  if (program === undefined) return 'the program is missing, which stands behind the options'
  if (/\.(?:zip|egg|r)$/i.test(program))
    return `${program} is not run here: a program of Spark is a jar or a file of Python (.py), and R is not on this machine`
  if (!ELSEWHERE.test(program) && program !== 'spark-internal')
    return 'on this machine it runs a jar or a file of Python by its address in a file system of the cluster (hdfs://…)'
  if (options.has(TAGS)) return `${TAGS} is not the client's to set: its job is known by it`
  const own = isInCluster(submission) ? undefined : OF_SCRIPT.find((name) => options.has(name))
  if (own !== undefined) return `${own} needs --deploy-mode cluster on this machine`
  return trusted ? undefined : TRUST
}

const STATEMENTS = 'statements.sql'

export const hiveJob: JobType = {
  command: 'hive -f',
  daemon: sqlServer.name,
  unmet: unmetStatements,
  files: (plan) => sqlServer.files(plan),
  prepare: (plan) => bucketPreparation(plan),
  programs: (plan, { args: [file = '', ...options], user }) => {
    const { database, variables } = readOptions(options)
    return [
      { main: 'org.apache.hadoop.fs.FsShell', args: ['-get', '-f', file, STATEMENTS] },
      beeline(plan, { user, database, variables }),
    ]
  },
  // The server of SQL runs them itself.
  applications: async () => [],
}

function beeline(
  { host, ports: [port] }: DaemonPlan,
  it: { readonly user: string; readonly database: string; readonly variables: readonly string[] },
): JavaProgram {
  const url = `jdbc:hive2://${host}:${port}/${it.database}`
  return {
    main: 'org.apache.hive.beeline.BeeLine',
    args: ['-u', url, '-n', it.user, ...it.variables, '-f', STATEMENTS],
  }
}

/** Those of `hive`, and what they are called by its later command line. */
const VARIABLES: Readonly<Record<string, string>> = {
  '--hiveconf': '--hiveconf',
  '--hivevar': '--hivevar',
  '--define': '--hivevar',
  '-d': '--hivevar',
}

interface HiveOptions {
  readonly database: string
  readonly variables: readonly string[]
  /** One that is none of these, or has no proper value. */
  readonly unknown: string | undefined
}

function readOptions(words: readonly string[]): HiveOptions {
  const variables: string[] = []
  let database = 'default'
  for (let at = 0; at < words.length; at += 2) {
    const [name = '', value = ''] = words.slice(at, at + 2)
    const own = VARIABLES[name]
    if (own !== undefined && /^[\w.]+=/.test(value)) variables.push(own, value)
    else if (name === '--database' && /^\w+$/.test(value)) database = value
    else return { database, variables, unknown: name }
  }
  return { database, variables, unknown: undefined }
}

function unmetStatements(
  { args: [file, ...options], trusted }: JobRequest,
  plan: DaemonPlan,
): string | undefined {
  if (requiresPassword(plan))
    return 'the server of SQL asks for a password (hive.server2.authentication), and a step has none'
  if (file === undefined) return 'the file of statements is missing, which is its first argument'
  if (!ELSEWHERE.test(file))
    return 'on this machine it reads a file of statements by its address in a file system of the cluster (hdfs://…)'
  const { unknown } = readOptions(options)
  if (unknown !== undefined)
    return `${unknown} is none of the options that it has on this machine: --hiveconf, --hivevar and --define with NAME=VALUE, and --database`
  return trusted ? undefined : TRUST
}
