/**
 * A credential that a program gives, as kubeconfigs of clouds want it (`users[].user.exec`, client.authentication.k8s.io): the program
 * is started without a terminal, bounded in time and in what it says, and asked again when its answer expires or is refused.
 */
import { execFile } from 'node:child_process'
import type { Clock } from '../../kernel/clock.ts'
import { recordOf } from '../../kernel/json.ts'
import { AccessProblem, type Credential } from './access.ts'

export interface ExecPlugin {
  readonly apiVersion: string
  readonly command: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  /** The folder that a relative path of the command begins in. */
  readonly directory: string
  /** The API server's part of the kubeconfig, where the program wants it. */
  readonly cluster?: Readonly<Record<string, unknown>>
}

export const execVersions: readonly string[] = [
  'client.authentication.k8s.io/v1',
  'client.authentication.k8s.io/v1beta1',
]

export interface ExecBounds {
  readonly answerMs?: number
}

/** Programs of clouds ask their cloud for it. */
const ANSWER_MS = 30_000
const ANSWER_BYTES = 256 * 1024
/** It is asked again a little before its answer ends. */
const EARLY_MS = 30_000

interface Kept {
  readonly credential: Credential
  readonly untilMs: number
}

/** Those who ask at once start it once. */
export function execCredential(
  plugin: ExecPlugin,
  clock: Pick<Clock, 'wall'>,
  bounds: ExecBounds = {},
): (refused: boolean) => Promise<Credential> {
  let kept: Kept | undefined
  let running: Promise<Kept> | undefined
  return async (refused) => {
    if (kept && !refused && clock.wall() < kept.untilMs) return kept.credential
    running ??= answerOf(plugin, bounds.answerMs ?? ANSWER_MS).finally(() => (running = undefined))
    kept = await running
    return kept.credential
  }
}

async function answerOf(plugin: ExecPlugin, answerMs: number): Promise<Kept> {
  const { apiVersion, command, args, env, directory, cluster } = plugin
  const spec = { interactive: false, ...(cluster && { cluster }) }
  const info = JSON.stringify({ apiVersion, kind: 'ExecCredential', spec })
  const text = await new Promise<string>((resolve, reject) => {
    const child = execFile(
      command,
      [...args],
      {
        cwd: directory,
        env: { ...process.env, ...env, KUBERNETES_EXEC_INFO: info },
        timeout: answerMs,
        killSignal: 'SIGKILL',
        maxBuffer: ANSWER_BYTES,
        windowsHide: true,
      },
      // What it says may hold a token; its own word for what is wrong is its exit code.
      (problem, output) =>
        problem ? reject(failureOf(plugin, problem, answerMs)) : resolve(output),
    )
    child.stdin?.end()
  })
  return credentialOf(plugin, text)
}

function failureOf(
  { command }: ExecPlugin,
  problem: Error & { readonly code?: unknown; readonly killed?: boolean },
  answerMs: number,
): AccessProblem {
  const code = typeof problem.code === 'number' ? `exit code ${problem.code}` : String(problem.code)
  const reason =
    problem.code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER'
      ? 'says more than a credential'
      : problem.killed
        ? `does not answer within ${answerMs / 1000} s`
        : `fails with ${code}`
  return new AccessProblem(`${command}, which gives the credential of the kubeconfig, ${reason}`)
}

function credentialOf({ command, apiVersion }: ExecPlugin, text: string): Kept {
  const refuse = (reason: string) =>
    new AccessProblem(`${command}, which gives the credential of the kubeconfig, ${reason}`)
  let answer: Readonly<Record<string, unknown>>
  try {
    answer = recordOf(JSON.parse(text))
  } catch {
    throw refuse('does not answer JSON')
  }
  if (answer['kind'] !== 'ExecCredential' || answer['apiVersion'] !== apiVersion)
    throw refuse(`does not answer an ExecCredential of ${apiVersion}`)
  const status = recordOf(answer['status'])
  const member = (name: string) =>
    typeof status[name] === 'string' && status[name] !== '' ? status[name] : undefined
  const token = member('token')
  const certificate = member('clientCertificateData')
  const key = member('clientKeyData')
  if (!token && !(certificate && key)) throw refuse('gives neither a token nor a certificate')
  const until = member('expirationTimestamp')
  const untilMs = until === undefined ? Infinity : Date.parse(until) - EARLY_MS
  if (Number.isNaN(untilMs)) throw refuse('says a time of expiry that is none')
  return {
    credential: { ...(token && { token }), ...(certificate && key && { certificate, key }) },
    untilMs,
  }
}
