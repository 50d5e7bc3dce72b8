/** The end of a cluster's log, and what comes after it while it is followed. What it holds is text and nothing else. */
import { useEffect, useRef, useState } from 'preact/hooks'
import type { ShownLog } from '../../src/console/clusters.ts'
import { ask } from '../api.ts'
import { t } from '../texts.ts'

/** What is kept of it in the page. */
const CHARACTERS_MAX = 500_000
const EVERY_MS = 2_000

export function Log({ id }: { readonly id: string }) {
  const [text, setText] = useState<string | undefined>()
  const [isFollowed, setFollowed] = useState(true)
  const next = useRef<string | undefined>(undefined)
  const box = useRef<HTMLPreElement>(null)
  const isLast = useRef(true)
  useEffect(() => {
    if (!isFollowed) return
    let isOver = false
    let timer: number | undefined
    const look = async () => {
      try {
        const after = next.current === undefined ? '' : `?after=${next.current}`
        const { log } = await ask<ShownLog>(`clusters/${id}/log${after}`)
        if (isOver) return
        if (log) {
          next.current = log.next
          setText((was) => `${was ?? ''}${log.text}`.slice(-CHARACTERS_MAX))
        }
      } catch {
        // It is asked for again, as everything else.
      }
      if (!isOver) timer = window.setTimeout(() => void look(), EVERY_MS)
    }
    void look()
    return () => {
      isOver = true
      window.clearTimeout(timer)
    }
  }, [id, isFollowed])
  useEffect(() => {
    if (isLast.current && box.current) box.current.scrollTop = box.current.scrollHeight
  }, [text])
  const note = ({ currentTarget: it }: { currentTarget: HTMLPreElement }) => {
    isLast.current = it.scrollTop + it.clientHeight > it.scrollHeight - 40
  }
  return (
    <section aria-labelledby="log" class="wide">
      <h2 id="log">{t('cluster.log')}</h2>
      {text === undefined ? (
        <p>{t('cluster.noLog')}</p>
      ) : (
        <>
          <label class="switch">
            <input
              type="checkbox"
              checked={isFollowed}
              onChange={(event) => setFollowed(event.currentTarget.checked)}
            />
            {t('cluster.follow')}
          </label>
          <pre
            class="log"
            ref={box}
            onScroll={note}
            tabIndex={0}
            role="region"
            aria-label={t('cluster.logLines')}
          >
            {text}
          </pre>
        </>
      )}
    </section>
  )
}
