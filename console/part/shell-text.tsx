/** What a page does as a line for the shell, to copy. */
import { t } from '../texts.ts'
import { Copy } from './copy.tsx'

export function ShellText({ label, text }: { readonly label: string; readonly text: string }) {
  return (
    <details class="code">
      <summary>{t('code.title')}</summary>
      <Copy text={text} label={label} />
      <pre class="log" tabIndex={0} role="region" aria-label={label}>
        {text}
      </pre>
    </details>
  )
}
