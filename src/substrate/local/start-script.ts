/**
 * The shell script that starts a daemon and becomes it, so that process and group stay those that were started. It does first what has
 * to be done once, marks that only when it was done to its end, and writes down what it starts with, which the daemon itself
 * could not say.
 */
import type { Daemon, DaemonPlan, JavaProgram, Once, OwnProgram, Program } from './service.ts'

export const START_SCRIPT = 'start.sh'
/** One line: process id, revision, digests of the files (daemon-state.ts). */
export const STARTED_FILE = 'started'
export const REVISION_FILE = 'revision'
export const DIGEST_FILE = 'digest'
/** What it logs; older parts end in `.1`, `.2` and so on. */
export const LOG_FILE = 'daemon.log'
export const LOG_MIB = 10
/** How it logs by Log4j 2. */
export const LOG_SETTINGS = 'daemon-log.properties'
/** What daemons are given to know where their Java and their class path's files are. */
export const HOME_VARIABLE = 'JAVA_HOME'
export const LIBRARY_VARIABLE = 'EMRYS_LIBRARY'
export const BUCKET_LIBRARY_VARIABLE = 'EMRYS_BUCKET_LIBRARY'
/** Where the program of the machine's own lies. */
export const PROGRAM_VARIABLE = 'EMRYS_PROGRAM'

export function startScript(daemon: Daemon, plan: DaemonPlan): string {
  return `#!/bin/sh
# Starts ${daemon.name}, and becomes it.
set -u
umask 077
mkdir -p data tmp || exit 1
${[...(daemon.once?.(plan) ?? []).map((once) => onceText(once, plan)), ...preparation(daemon, plan)].join('\n')}
printf '%s %s %s\\n' "$$" "$(cat ${REVISION_FILE})" "$(cat ${DIGEST_FILE})" >${STARTED_FILE}.new || exit 1
mv ${STARTED_FILE}.new ${STARTED_FILE} || exit 1
${becoming(daemon.program(plan), plan)}
`
}

/** A program of the machine's own logs to its standard outputs, which are given a new file when they have filled one. */
function becoming(program: Program, plan: DaemonPlan): string {
  if ('main' in program) return `exec ${ownJavaText(program, plan)}`
  return `[ -z "$(find ${LOG_FILE} -size +${LOG_MIB}M 2>/dev/null)" ] || mv ${LOG_FILE} ${LOG_FILE}.1
exec ${ownProgramText(program)} >>${LOG_FILE} 2>&1`
}

function ownProgramText({ args }: OwnProgram): string {
  return [`"$${PROGRAM_VARIABLE}"`, ...args.map(quoted)].join(' ')
}

function programText(program: Program, plan: DaemonPlan): string {
  return 'main' in program ? ownJavaText(program, plan) : ownProgramText(program)
}

function preparation({ prepare = '' }: Daemon, plan: DaemonPlan): readonly string[] {
  const text = typeof prepare === 'function' ? prepare(plan) : prepare
  return text === '' ? [] : [text]
}

/** Its own directory first: what it is configured with, and classes that replace others. What comes to buckets may bring newer ones too. */
export function classPathOf(library: string, bucketLibrary?: string): string {
  const folders = [...(bucketLibrary === undefined ? [] : [bucketLibrary]), library]
  return ['.', ...folders.map((folder) => `${folder}/*`)].join(':')
}

function onceText(once: Once, plan: DaemonPlan): string {
  const mark = quoted(`data/${once.name}.done`)
  const program = programText(once, plan)
  const clear = once.clears === undefined ? '' : `rm -rf ${quoted(once.clears)}\n  `
  const isDone =
    once.doneElsewhere === undefined
      ? program
      : `{ ${program}; code=$?; [ "$code" = 0 ] || [ "$code" = ${once.doneElsewhere} ]; }`
  const work = once.retried ? `until ${isDone}; do sleep 2; done` : `${isDone} || exit 1`
  return `if [ ! -e ${mark} ]; then
  ${clear}${work}
  : >${mark}
fi`
}

/** What logs by Log4j 2 looks for another name: that one is for the containers that a daemon starts, which log elsewhere. */
function ownJavaText({ options = [], ...program }: JavaProgram, plan: DaemonPlan): string {
  return javaText(
    { ...program, options: [`-Dlog4j2.configurationFile=${LOG_SETTINGS}`, ...options] },
    plan,
  )
}

/** Shell that runs it. */
export function javaText(
  { main, args = [], options = [] }: JavaProgram,
  plan: Pick<DaemonPlan, 'heapMib' | 'host' | 'buckets'>,
): string {
  const quotedOptions = [...optionsOf(plan), ...options].map(quoted).join(' ')
  const bucketLibrary = plan.buckets && `$${BUCKET_LIBRARY_VARIABLE}`
  const classPath = `-cp "${classPathOf(`$${LIBRARY_VARIABLE}`, bucketLibrary)}"`
  return `"$${HOME_VARIABLE}/bin/java" ${quotedOptions} ${classPath} ${[main, ...args].map(quoted).join(' ')}`
}

/** Packages that Hadoop and what runs beside it look into, which Java keeps closed. */
const OPENED =
  'java.lang java.lang.invoke java.lang.reflect java.io java.net java.nio java.util java.util.concurrent java.util.concurrent.atomic jdk.internal.ref sun.nio.ch sun.nio.cs sun.security.action sun.util.calendar'

/** Of every virtual machine: small, on IPv4 alone, and with what it writes in its daemon's own directory. */
export function optionsOf({ heapMib, host }: Pick<DaemonPlan, 'heapMib' | 'host'>): string[] {
  return [
    `-Xmx${heapMib}m`,
    '-Xss512k',
    '-XX:+UseSerialGC',
    '-XX:TieredStopAtLevel=1',
    '-XX:MaxMetaspaceSize=256m',
    '-XX:+ExitOnOutOfMemoryError',
    '-XX:-UsePerfData',
    '-Djava.net.preferIPv4Stack=true',
    '-Djava.io.tmpdir=tmp',
    `-Demrys.node=${host}`,
    ...openedOptions,
  ]
}

const openedOptions: readonly string[] = OPENED.split(' ').map(
  (name) => `--add-opens=java.base/${name}=ALL-UNNAMED`,
)

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
