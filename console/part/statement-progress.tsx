/** How far a statement is: the database does not say how much is left, so what is shown is how long it runs, of what it may, and what came. */
import { useEffect, useState } from 'preact/hooks'
import type { Progress } from '../../src/console/sql.ts'
import { ApiProblem, send } from '../api.ts'
import { t } from '../texts.ts'

const AGAIN_MS = 1_000

export function StatementProgress({ id }: { readonly id: string | undefined }) {
  const [progress, setProgress] = useState<Progress | null>(null)
  useEffect(() => {
    setProgress(null)
    if (id === undefined) return
    let isOver = false
    const look = async () => {
      try {
        const found = await send<{ progress: Progress | null }>('sql/progress', { id })
        if (!isOver) setProgress(found.progress)
      } catch (problem) {
        // The statement's own answer says what is wrong.
        if (!(problem instanceof ApiProblem)) throw problem
      }
    }
    const timer = window.setInterval(() => void look(), AGAIN_MS)
    return () => {
      isOver = true
      window.clearInterval(timer)
    }
  }, [id])
  if (id === undefined) return <p role="status" />
  return (
    <div>
      <p role="status">{t('sql.running')}</p>
      {progress && (
        <p class="filters">
          <progress value={progress.ms} max={progress.mostMs} aria-label={t('sql.running')} />
          <span class="number">
            {t(
              progress.phase === 'connecting' ? 'sql.connecting' : 'sql.reading',
              Math.round(progress.ms / 1000),
              progress.mostMs / 1000,
              progress.rows,
            )}
          </span>
        </p>
      )}
    </div>
  )
}
