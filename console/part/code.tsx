/** The request of a form as text for other programs, to copy; loaded when somebody wants it. Secrets are not in it. */
import { useEffect, useState } from 'preact/hooks'
import type { CodeRequest, CodeText } from '../code/text.ts'
import { t } from '../texts.ts'
import { Copy } from './copy.tsx'

export function Code({ request }: { readonly request: CodeRequest }) {
  const [isOpen, setOpen] = useState(false)
  return (
    <details class="code" open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t('code.title')}</summary>
      {isOpen && <Texts request={request} />}
    </details>
  )
}

function Texts({ request }: { readonly request: CodeRequest }) {
  const [texts, setTexts] = useState<readonly CodeText[]>([])
  const [chosen, choose] = useState('')
  useEffect(() => {
    let isOver = false
    const write = async () => {
      const { codeTexts } = await import('../code/text.ts')
      if (!isOver) setTexts(codeTexts(request))
    }
    void write()
    return () => void (isOver = true)
  }, [JSON.stringify(request)])
  const shown = texts.find(({ name }) => name === chosen) ?? texts[0]
  if (!shown) return <p class="waiting">{t('common.loading')}</p>
  return (
    <>
      <p class="filters" role="group" aria-label={t('code.languages')}>
        {texts.map(({ name }) => (
          <button
            key={name}
            type="button"
            aria-pressed={name === shown.name}
            onClick={() => choose(name)}
          >
            {name}
          </button>
        ))}
        <Copy text={shown.text} label={shown.name} />
      </p>
      <pre class="log" tabIndex={0} role="region" aria-label={shown.name}>
        {shown.text}
      </pre>
    </>
  )
}
