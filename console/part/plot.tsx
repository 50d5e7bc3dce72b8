/** A plot with its name, what it says in words, and its values for those who do not see it. */
import { useEffect, useRef } from 'preact/hooks'
import { useChoices } from '../choice.ts'
import type { Line } from '../plot/plot.ts'
import { t, timeText } from '../texts.ts'

export function Plot({ name, ...line }: Line & { readonly name: string }) {
  const host = useRef<HTMLDivElement>(null)
  const { theme, language } = useChoices()
  const { points, textOf } = line
  const latest = points.at(-1)
  useEffect(() => {
    let isOver = false
    let close = () => {}
    const draw = async () => {
      const { drawLine } = await import('../plot/plot.ts')
      if (!isOver && host.current) close = drawLine(host.current, line)
    }
    void draw()
    return () => {
      isOver = true
      close()
    }
  }, [theme, language, line.fromMs, latest?.[0], latest?.[1], points.length])
  const most = points.reduce((found, [, value]) => Math.max(found, value), 0)
  const said = latest ? t('usage.latest', textOf(latest[1]), textOf(most)) : ''
  return (
    <figure>
      <figcaption>
        {name} <small>{said}</small>
      </figcaption>
      <div ref={host} role="img" aria-label={`${name}: ${said}`} />
      <details>
        <summary>{t('usage.values')}</summary>
        <div class="values" tabIndex={0} role="region" aria-label={`${name}: ${t('usage.values')}`}>
          <table>
            <thead>
              <tr>
                <th scope="col">{t('usage.time')}</th>
                <th scope="col">{name}</th>
              </tr>
            </thead>
            <tbody>
              {points.toReversed().map(([atMs, value]) => (
                <tr key={atMs}>
                  <td>{timeText(atMs)}</td>
                  <td class="number">{textOf(value)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </figure>
  )
}
