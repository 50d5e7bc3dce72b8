/**
 * `hadoop jar`: a program of MapReduce's is run with a jar, and the jobs that it submits are marked, so that the ResourceManager says what
 * became of them, whoever asks. The jar is the examples that come with Hadoop, or one that a client has put into a file system of the
 * cluster's: that is code of the client's own, for the administrator of this machine to allow.
 */
import type {
  Application,
  DaemonPlan,
  JavaProgram,
  JobRequest,
  JobType,
} from '../../../src/substrate/local/service.ts'
import { bucketPreparation } from './bucket.ts'
import type { Properties } from './site.ts'

const EXAMPLES = /(?:^|\/)hadoop-mapreduce-examples[\w.-]*\.jar$/
/** An address in a file system, and no path of this machine. */
export const ELSEWHERE = /^[a-z][a-z0-9]*:\/\//
const JAR = 'job.jar'

export interface MapReduceParts {
  readonly daemon: string
  /** What clients of YARN are configured with. */
  files(plan: DaemonPlan, marks: Properties): Readonly<Record<string, string>>
  marked(plan: DaemonPlan, tag: string): Promise<readonly Application[]>
  /** Of the files on every daemon's class path. */
  readonly examples: string
}

export function mapReduceJob({ daemon, files, marked, examples }: MapReduceParts): JobType {
  return {
    command: 'hadoop jar',
    daemon,
    unmet,
    prepare: (plan) => bucketPreparation(plan),
    files: (plan, { id }) => files(plan, { 'mapreduce.job.tags': jobMark(id) }),
    programs: (plan, { args: [jar = '', ...args] }) => {
      const run = (path: string): JavaProgram => ({
        main: 'org.apache.hadoop.util.RunJar',
        args: [path, ...args],
      })
      if (EXAMPLES.test(jar) && !ELSEWHERE.test(jar)) return [run(`${plan.library}/${examples}`)]
      const fetched = { main: 'org.apache.hadoop.fs.FsShell', args: ['-get', '-f', jar, JAR] }
      return [fetched, run(JAR)]
    },
    applications: (plan, { id }) => marked(plan, jobMark(id)),
  }
}

/** By which the ResourceManager knows what a job has begun. */
export function jobMark(id: string): string {
  return `emrys-${id}`
}

/** Of the examples those that read and write by the cluster's file system alone. */
const CONFINED: ReadonlySet<string> = new Set([
  'aggregatewordcount',
  'aggregatewordhist',
  'bbp',
  'join',
  'multifilewc',
  'pi',
  'randomtextwriter',
  'randomwriter',
  'secondarysort',
  'sort',
  'teragen',
  'terasort',
  'teravalidate',
  'wordcount',
  'wordmean',
  'wordmedian',
  'wordstandarddeviation',
])
/** No option, and no address: those lead elsewhere. */
const PLAIN = /^[\w./][\w./-]*$/

function unmet({ args: [jar, program = '', ...args], trusted }: JobRequest): string | undefined {
  if (jar === undefined) return 'the jar is missing, which is its first argument'
  const isShipped = EXAMPLES.test(jar) && !ELSEWHERE.test(jar)
  if (!isShipped && !ELSEWHERE.test(jar))
    return 'on this machine it runs hadoop-mapreduce-examples.jar, or a jar by its address in a file system of the cluster (hdfs://…)'
  if (trusted || (isShipped && CONFINED.has(program) && args.every((each) => PLAIN.test(each))))
    return undefined
  return 'on this machine it runs the examples that come with Hadoop on plain paths of the cluster; the setting local.client-code allows other jars, options and addresses'
}
