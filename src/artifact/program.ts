/** Programs of this machine that fetch: where they are, and one run of one. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { ArtifactProblem } from './problem.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** The first of these names that is on the path. */
export function findProgram(env: Environment, names: readonly string[]): string | undefined {
  const folders = (env['PATH'] ?? '').split(delimiter).filter(Boolean)
  for (const name of names)
    for (const folder of folders) {
      const path = join(folder, name)
      if (existsSync(path)) return path
    }
  return undefined
}

export interface Run {
  readonly program: string
  readonly args: readonly string[]
  /** As people call it. */
  readonly shown: string
  /** What it says of why it failed; its last line otherwise. */
  readonly reasonIn?: (lines: readonly string[]) => string | undefined
}

const OUTPUT_LENGTH = 8_000

/** Throws ArtifactProblem with the reason, which some programs say on one output and some on the other. */
export function runProgram({ program, args, shown, reasonIn }: Run): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    let said = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8')
      stream.on('data', (piece: string) => (said = (said + piece).slice(-OUTPUT_LENGTH)))
    }
    child.on('error', (problem) => reject(new ArtifactProblem(`${program}: ${problem.message}`)))
    child.on('close', (code) => {
      if (code === 0) return resolve()
      const lines = said.trim().split('\n')
      const reason = reasonIn?.(lines) ?? lines.at(-1) ?? ''
      reject(new ArtifactProblem(`\`${shown}\` failed: ${reason}`))
    })
  })
}
