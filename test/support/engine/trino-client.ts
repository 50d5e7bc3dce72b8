/** The Python client of Trino, as its makers ship it. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { pythonEnvironment } from '../../../scripts/client/tool.ts'

const FOLDER = join(import.meta.dirname, '../../client/trino')
const CLIENT_MS = 300_000

/** The rows of all statements, with tabs between their columns; rejects when one is refused. */
export async function trinoSql(
  host: string,
  statements: readonly string[],
  port = 8080,
): Promise<readonly string[]> {
  const python = join(pythonEnvironment(join(FOLDER, 'requirements.txt')), 'python')
  const args = [join(FOLDER, 'query.py'), host, String(port), ...statements]
  const { stdout } = await promisify(execFile)(python, args, { timeout: CLIENT_MS })
  return stdout.split('\n').filter((line) => line !== '')
}
