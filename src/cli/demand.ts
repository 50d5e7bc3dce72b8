/** `emrys demand`: what the applications of a simulated cluster want of its YARN. */
import { Command } from 'commander'
import { adminClient, withServer } from './admin-client.ts'
import { numberOf } from './number.ts'
import type { OutputOptions } from './subcommand.ts'
import type { Terminal } from './terminal.ts'

const EXAMPLES = `
Examples:
  emrys demand emr-1 --containers 20                    20 containers of 1024 MiB and one core, by one application
  emrys demand emr-1 --containers 20 --memory 4096 --cores 2 --applications 4
  emrys demand emr-1 --containers 0                     nothing any more

YARN gives what its NodeManagers have; the rest is pending until nodes come. Autoscaling strategies by load look at these figures six
times in each of their periods, by the server's clock: \`emrys clock --advance 1m\`, once for each, lets periods pass.`

interface DemandOptions extends OutputOptions {
  readonly containers: string
  readonly memory: string
  readonly cores: string
  readonly applications: string
}

/** Those of the server. */
const BOUNDS = { min: 0, max: 1_000_000, whole: true } as const

export function demandCommand(out: Terminal): Command {
  return withServer(new Command('demand'))
    .summary('what applications want of a simulated YARN')
    .description('Says what the applications of a simulated cluster want of its YARN.')
    .argument('<cluster>')
    .requiredOption('--containers <n>', 'how many containers')
    .option('--memory <mib>', 'of each container', '1024')
    .option('--cores <n>', 'of each container', '1')
    .option('--applications <n>', 'how many applications want them', '1')
    .option('--json', 'as JSON')
    .addHelpText('afterAll', EXAMPLES)
    .action(async (cluster: string, options: DemandOptions) => {
      const number = (flag: string, text: string) => numberOf(flag, text, BOUNDS)
      const answer = await adminClient(options).send('POST', 'demands', {
        cluster,
        containers: number('--containers', options.containers),
        memoryMib: number('--memory', options.memory),
        cores: number('--cores', options.cores),
        applications: number('--applications', options.applications),
      })
      const { containers, memory, cores } = options
      const sentence = `${cluster}: ${containers} containers of ${memory} MiB and ${cores} cores are wanted`
      out.line(options.json ? JSON.stringify(answer) : sentence)
    })
}
