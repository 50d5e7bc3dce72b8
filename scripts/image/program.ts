/** Programs of the machine that the image is made with. Throws what they said where they fail. */
import { spawnSync } from 'node:child_process'

const OUTPUT_BYTES = 16 * 1024 * 1024

export function runProgram(program: string, args: readonly string[], directory?: string): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    encoding: 'utf8',
    maxBuffer: OUTPUT_BYTES,
    // Sorted by bytes, in one language, in one time zone: what is made is the same wherever it is made.
    env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' },
    ...(directory !== undefined && { cwd: directory }),
  })
  if (error) throw new Error(`${program} cannot be run: ${error.message}`)
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${status}: ${stderr}`)
  return stdout
}
