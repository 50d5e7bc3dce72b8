/** Policy documents that a command takes from a file, or from standard input. */
import { readFileSync } from 'node:fs'
import { CommandProblem } from '../problem.ts'

const STANDARD_INPUT = 0

/** `-` is standard input. The server judges what is in it. */
export function readText(file: string): string {
  try {
    return readFileSync(file === '-' ? STANDARD_INPUT : file, 'utf8')
  } catch (problem) {
    throw new CommandProblem(`the file ${file} is not readable`, { cause: problem })
  }
}
