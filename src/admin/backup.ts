/** A backup of the running server, written to a directory of its machine. What it is about is in store/backup.ts. */
import { isAbsolute } from 'node:path'
import type { AdminContext } from './context.ts'
import { AdminProblem, json, type Page } from './page.ts'

export interface BackupAnswer {
  readonly directory: string
  readonly files: number
  readonly bytes: number
  readonly instances: readonly string[]
  readonly without: readonly string[]
}

export function backupPage({ backUp }: Pick<AdminContext, 'backUp'>): Page {
  return {
    method: 'POST',
    path: '/_emrys/backup',
    does: 'copies everything into an empty directory of this machine: {"directory":PATH,"engines":false}',
    members: ['directory', 'engines'],
    async run({ members: { directory, engines = false } }) {
      if (typeof directory !== 'string' || !isAbsolute(directory) || directory.includes('\0'))
        throw new AdminProblem('directory must be an absolute path')
      if (typeof engines !== 'boolean') throw new AdminProblem('engines must be true or false')
      const { files, instances, without } = await backUp({ target: directory, engines }).catch(
        (problem: unknown) => {
          throw new AdminProblem(problem instanceof Error ? problem.message : String(problem), 409)
        },
      )
      const answer: BackupAnswer = {
        directory,
        files: files.length,
        bytes: files.reduce((sum, { size }) => sum + size, 0),
        instances,
        without,
      }
      return json(answer)
    },
  }
}
