/** The `emrys` command: the server, and questions to a running one. Failures are one sentence and exit code 1. */
import { ConfigProblem } from '../config/config.ts'
import { emrysProgram } from './program.ts'
import { terminal } from './terminal.ts'

function sentenceOf(problem: unknown): string {
  if (problem instanceof ConfigProblem)
    return ['the configuration is not usable:', ...problem.problems].join('\n  - ')
  return problem instanceof Error ? problem.message : String(problem)
}

try {
  // A server's start does not wait for what only other commands need.
  const isServer = process.argv[2] === 'serve'
  const others = isServer ? undefined : (await import('./commands.ts')).addCommands
  await emrysProgram(terminal(), others).parseAsync()
} catch (problem) {
  process.stderr.write(`emrys: ${sentenceOf(problem)}\n`)
  process.exitCode = 1
}
