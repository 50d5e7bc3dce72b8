/** Copies a text, and says that it did. */
import { useState } from 'preact/hooks'
import { t } from '../texts.ts'

export function Copy({ text, label }: { readonly text: string; readonly label: string }) {
  const [isCopied, setCopied] = useState(false)
  const copy = async () => {
    await navigator.clipboard.writeText(text)
    setCopied(true)
    window.setTimeout(() => setCopied(false), 2_000)
  }
  return (
    <button
      type="button"
      class="copy"
      onClick={() => void copy()}
      aria-label={`${t('common.copy')} ${label}`}
    >
      {isCopied ? t('common.copied') : t('common.copy')}
    </button>
  )
}
