/** A line over time, by uPlot, in the colours of the page. A file of its own, loaded with the first plot. */
import UPlot from 'uplot'
import { locale } from '../texts.ts'

export interface Line {
  /** By time. */
  readonly points: readonly (readonly [atMs: number, value: number])[]
  readonly fromMs: number
  readonly toMs: number
  /** Where two points are further apart nothing is drawn between them. */
  readonly widthMs: number
  readonly textOf: (value: number) => string
}

const HEIGHT = 140
const AXIS_WIDTH = 72

/** Returns what takes it away again. */
export function drawLine(host: HTMLElement, line: Line): () => void {
  const style = getComputedStyle(document.documentElement)
  const colour = (name: string) => style.getPropertyValue(`--${name}`).trim()
  const isLong = line.toMs - line.fromMs > 86_400_000
  const clock = new Intl.DateTimeFormat(
    locale(),
    isLong ? { month: 'numeric', day: 'numeric' } : { hour: '2-digit', minute: '2-digit' },
  )
  const axis = {
    stroke: colour('quiet'),
    grid: { stroke: colour('line'), width: 1 },
    ticks: { stroke: colour('line'), width: 1 },
  }
  const plot = new UPlot(
    {
      width: Math.max(200, host.clientWidth),
      height: HEIGHT,
      legend: { show: false },
      cursor: { show: false },
      scales: {
        x: { min: line.fromMs / 1000, max: line.toMs / 1000 },
        y: { range: (_plot, _min, max) => [0, max > 0 ? max * 1.1 : 1] },
      },
      axes: [
        { ...axis, values: (_plot, ticks) => ticks.map((each) => clock.format(each * 1000)) },
        { ...axis, size: AXIS_WIDTH, values: (_plot, ticks) => ticks.map(line.textOf) },
      ],
      series: [{}, { stroke: colour('accent'), width: 2, points: { size: 4 } }],
    },
    dataOf(line),
    host,
  )
  return () => plot.destroy()
}

function dataOf({ points, widthMs }: Line): UPlot.AlignedData {
  const times: number[] = []
  const values: (number | null)[] = []
  for (const [atMs, value] of points) {
    const before = times.at(-1)
    if (before !== undefined && atMs / 1000 - before > (1.5 * widthMs) / 1000) {
      times.push(before + widthMs / 1000)
      values.push(null)
    }
    times.push(atMs / 1000)
    values.push(value)
  }
  return [times, values]
}
