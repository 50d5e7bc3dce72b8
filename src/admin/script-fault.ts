/**
 * Bootstrap scripts that fail: simulated nodes run nothing, so a test sets the exit code of a script. For scripts that
 * start from now on, until it is removed or the server restarts.
 */
import type { AdminContext } from './context.ts'
import { AdminProblem, json, type PageRequest, type Page } from './page.ts'

const PATH = '/_emrys/script-faults'
/** As long as an address can be in a request. */
const SCRIPT_MAX = 1_024
const EXIT_CODE_MAX = 255

export function scriptFaultPages({ scripts }: Pick<AdminContext, 'scripts'>): readonly Page[] {
  const status = () => json({ scripts: scripts.list() })
  return [
    {
      method: 'GET',
      path: PATH,
      does: 'bootstrap scripts that fail on simulated nodes',
      run: async () => status(),
    },
    {
      method: 'PUT',
      path: PATH,
      does: 'lets a script fail: {"script":"its name or address"[,"exitCode":1..255]}',
      members: ['script', 'exitCode'],
      async run(request) {
        scripts.put({ script: scriptIn(request), exitCode: exitCodeIn(request) })
        return status()
      },
    },
    {
      method: 'DELETE',
      path: PATH,
      does: 'lets every script succeed again',
      run: async () => json({ removed: scripts.remove() }),
    },
  ]
}

function scriptIn({ members }: PageRequest): string {
  const { script } = members
  if (typeof script === 'string' && script !== '' && script.length <= SCRIPT_MAX) return script
  throw new AdminProblem('script must be the name or the address of a script')
}

function exitCodeIn({ members }: PageRequest): number {
  const { exitCode = 1 } = members
  const whole = typeof exitCode === 'number' && Number.isInteger(exitCode)
  if (whole && exitCode >= 1 && exitCode <= EXIT_CODE_MAX) return exitCode
  throw new AdminProblem(`exitCode must be a whole number from 1 to ${EXIT_CODE_MAX}`)
}
