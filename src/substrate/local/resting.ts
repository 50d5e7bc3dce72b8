/** Instances whose processes have ended, so that their files stay as they are while they are copied. */
import { directoriesIn, instanceFolder } from './instance.ts'
import { roleProcess } from './role-process.ts'

/** All instances under `root`. Throws a sentence that names those that run: a copy of a running database is none. */
export function restingInstances(root: string): readonly string[] {
  const ids = directoriesIn(root)
  const running = ids.filter((id) => {
    const folder = instanceFolder(root, id)
    const { processes = [] } = folder.read() ?? {}
    return processes.some(({ name }) => !roleProcess(folder.files(name)).isGone())
  })
  if (running.length === 0) return ids
  throw new Error(
    `the engines of ${running.join(', ')} are running, and a copy of a running engine's files would not be whole; suspend or stop them first (\`local.keep-running=false\` ends them with the server), or back up without \`--engines\``,
  )
}
