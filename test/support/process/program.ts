/**
 * Our programs as tests start them: `npm test` has them built as they are published (scripts/check/test-program.ts), which a start is faster by
 * a second for; a test file that is run by itself starts the sources.
 */
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '../../..')

/** By its source without the ending, such as `src/cli/start`. */
export function programPath(source: string): string {
  const built = process.env['EMRYS_TEST_PROGRAMS']
  return built === undefined ? join(ROOT, `${source}.ts`) : join(built, 'dist', `${source}.js`)
}
