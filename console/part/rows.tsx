/**
 * A long table of which only the rows in sight are in the document. Rows come in pages as they come into sight, and those that are seen
 * are asked for again when something changed.
 */
import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  Virtualizer,
} from '@tanstack/virtual-core'
import type { ComponentChildren } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { ApiProblem, ask } from '../api.ts'
import { useChanges } from '../live.ts'
import { Headings } from './table.tsx'

interface Rows<R> {
  readonly total: number
  readonly rows: readonly R[]
}

const ROW_PIXELS = 36
const PAGE = 100

export function LongTable<R>(props: {
  /** The address of the rows, with all but `offset` and `limit`. */
  readonly path: string
  readonly label: string
  readonly columns: readonly string[]
  readonly row: (row: R) => readonly ComponentChildren[]
  readonly onTotal: (total: number) => void
}) {
  const box = useRef<HTMLDivElement>(null)
  const { pages, total, problem, need } = usePages<R>(props.path)
  useEffect(() => props.onTotal(total), [total])
  const items = useVirtual(box, total)
  const seen = [...new Set(items.map(({ index }) => Math.floor(index / PAGE)))]
  useEffect(() => need(seen.length > 0 ? seen : [0]), [seen.join(), props.path])
  const before = items[0]?.start ?? 0
  const after = total * ROW_PIXELS - (items.at(-1)?.end ?? 0)
  return (
    <div class="long" ref={box} tabIndex={0} role="region" aria-label={props.label}>
      {problem && (
        <p role="alert" class="problem">
          {problem}
        </p>
      )}
      <table aria-rowcount={total + 1}>
        <Headings columns={props.columns} />
        <tbody>
          <Gap pixels={before} columns={props.columns.length} />
          {items.map(({ index }) => {
            const row = pages.get(Math.floor(index / PAGE))?.[index % PAGE]
            return (
              <tr key={index} aria-rowindex={index + 2}>
                {row === undefined ? (
                  <td colSpan={props.columns.length}>…</td>
                ) : (
                  props.row(row).map((cell, at) => <td key={at}>{cell}</td>)
                )}
              </tr>
            )
          })}
          <Gap pixels={after} columns={props.columns.length} />
        </tbody>
      </table>
    </div>
  )
}

/** Stands for the rows out of sight. */
function Gap({ pixels, columns }: { readonly pixels: number; readonly columns: number }) {
  if (pixels <= 0) return null
  return (
    <tr aria-hidden="true" class="gap">
      <td colSpan={columns} style={{ height: `${pixels}px` }} />
    </tr>
  )
}

function useVirtual(box: { readonly current: HTMLDivElement | null }, count: number) {
  const [, setLook] = useState(0)
  const [virtual] = useState(
    () =>
      new Virtualizer<HTMLDivElement, Element>({
        count,
        getScrollElement: () => box.current,
        estimateSize: () => ROW_PIXELS,
        overscan: 10,
        observeElementRect,
        observeElementOffset,
        scrollToFn: elementScroll,
        onChange: () => setLook((was) => was + 1),
      }),
  )
  virtual.setOptions({ ...virtual.options, count })
  useEffect(() => virtual._didMount(), [])
  useEffect(() => virtual._willUpdate())
  return virtual.getVirtualItems()
}

function usePages<R>(path: string) {
  const [state, setState] = useState<{
    readonly path: string
    readonly total: number
    readonly pages: ReadonlyMap<number, readonly R[]>
    readonly problem?: string
  }>({ path, total: 0, pages: new Map() })
  const wanted = useRef<{ path: string; seen: readonly number[] }>({ path, seen: [0] })
  const load = async (page: number) => {
    const joint = path.includes('?') ? '&' : '?'
    try {
      const found = await ask<Rows<R>>(`${path}${joint}offset=${page * PAGE}&limit=${PAGE}`)
      if (wanted.current.path !== path) return
      setState((was) => {
        const kept = was.path === path ? was.pages : new Map<number, readonly R[]>()
        return { path, total: found.total, pages: new Map([...kept, [page, found.rows]]) }
      })
    } catch (problem) {
      if (!(problem instanceof ApiProblem) || problem.status === 0) return
      setState((was) => ({ ...was, problem: problem.message }))
    }
  }
  useChanges(() => {
    // Pages out of sight are asked for when they come into it.
    const { seen } = wanted.current
    setState((was) => ({
      ...was,
      pages: new Map([...was.pages].filter(([page]) => seen.includes(page))),
    }))
    for (const page of seen) void load(page)
  })
  const need = (seen: readonly number[]) => {
    const isNew = wanted.current.path !== path
    wanted.current = { path, seen }
    for (const page of seen)
      if (isNew || state.path !== path || !state.pages.has(page)) void load(page)
  }
  const isOfPath = state.path === path
  return {
    pages: isOfPath ? state.pages : new Map<number, readonly R[]>(),
    // The number of before until the new one is known: the table does not jump.
    total: state.total,
    problem: state.problem,
    need,
  }
}
