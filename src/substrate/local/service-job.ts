/** A job as the service that takes it declares it: its client is a shell script that runs Java programs, one after the other. */
import type { Job } from '../../domain/job-flow.ts'
import type { JobPlan, PlacedProcess } from './component.ts'
import { environmentOf, readPlan, type DaemonHome } from './daemon-role.ts'
import type { Environment } from './java.ts'
import { findMachineProgram, unmetMachineProgram } from './machine-program.ts'
import { BEGUN, recordExit } from './run-record.ts'
import type { Service } from './service.ts'
import { javaText } from './start-script.ts'

/** MiB of heap of a client. */
const HEAP_MIB = 256
const SCRIPT = 'run.sh'

export interface JobOptions {
  readonly services: readonly Service[]
  readonly home: DaemonHome
  /** Where programs of the machine are looked for. */
  readonly env: Environment
  /** Whether clients are trusted with this machine. */
  readonly trusted: boolean
}

/** Why it cannot be, in a sentence, where it cannot. */
export function jobPlan(
  { services, home, env, trusted }: JobOptions,
  processes: readonly PlacedProcess[],
  { id, command, args, user }: Job,
): JobPlan | string {
  const types = services.flatMap((service) => service.jobs ?? [])
  const type = types.find((each) => each.command === command)
  const process = processes.find(({ role }) => role === type?.daemon)
  const daemon = services
    .flatMap(({ daemons }) => daemons)
    .find(({ name }) => name === type?.daemon)
  if (!type || !process || !daemon) return 'no service of the cluster on this machine takes it'
  const request = { id, args, user, trusted }
  const plan = readPlan(process.directory)
  const needed = type.machineProgram?.(request)
  const unmet = type.unmet(request, plan) ?? (needed && unmetMachineProgram(env, needed))
  if (unmet !== undefined) return unmet
  const program = needed && findMachineProgram(env, needed.name)
  const programs = type.programs(plan, request)
  const script = programs.map((each) => javaText(each, { ...plan, heapMib: HEAP_MIB }))
  return {
    files: { ...type.files(plan, request), [SCRIPT]: scriptOf(type.prepare?.(plan) ?? '', script) },
    command: {
      runtime: '/bin/sh',
      program: SCRIPT,
      args: [],
      env: {
        ...environmentOf(daemon, plan, home),
        ...(type.environment?.(plan, program) ?? { HADOOP_CONF_DIR: '.' }),
        HADOOP_USER_NAME: user,
      },
    },
    applications: () => type.applications(plan, request),
  }
}

function scriptOf(preparation: string, programs: readonly string[]): string {
  return `#!/bin/sh
umask 077
mkdir -p tmp
: >${BEGUN}
${preparation}
{ ${programs.join(' &&\n  ')}
}
${recordExit()}
`
}
