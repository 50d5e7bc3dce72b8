/**
 * What is shown is asked for again whenever the server says that something changed, at most once a second. While the server is away the
 * page says so and keeps what it had.
 */
import { useEffect, useRef, useState } from 'preact/hooks'
import { ApiProblem, ask } from './api.ts'

const listeners = new Set<() => void>()
const onConnection = new Set<(connected: boolean) => void>()
const BETWEEN_MS = 1_000
let source: EventSource | undefined
let timer: number | undefined
let lastMs = 0
let again: number | undefined

function tell(): void {
  const waitMs = lastMs + BETWEEN_MS - performance.now()
  if (waitMs > 0) {
    // A timer may ring a fraction early: then it is set again, or what it was for would be lost.
    timer ??= window.setTimeout(ring, waitMs)
    return
  }
  window.clearTimeout(timer)
  timer = undefined
  lastMs = performance.now()
  for (const listener of listeners) listener()
}

function ring(): void {
  timer = undefined
  tell()
}

function connect(): void {
  window.clearTimeout(again)
  source?.close()
  source = new EventSource('/console/api/changes')
  source.addEventListener('open', () => setConnected(true))
  source.addEventListener('message', tell)
  source.addEventListener('error', () => {
    setConnected(false)
    // Browsers give up where the answer was no stream: of a server that starts, or a session that ended.
    if (source?.readyState !== EventSource.CLOSED) return
    again = window.setTimeout(connect, BETWEEN_MS)
    tell()
  })
}

function setConnected(connected: boolean): void {
  for (const listener of onConnection) listener(connected)
}

/** A page that is not seen holds no connection: browsers have few for one host. */
function follow(): void {
  if (document.visibilityState === 'visible' && listeners.size > 0) {
    if (!source || source.readyState === EventSource.CLOSED) connect()
    return
  }
  window.clearTimeout(again)
  source?.close()
  source = undefined
}

document.addEventListener('visibilitychange', follow)

export function useConnected(): boolean {
  const [connected, setState] = useState(true)
  useEffect(() => {
    onConnection.add(setState)
    return () => void onConnection.delete(setState)
  }, [])
  return connected
}

/** Calls back when something changed. */
export function useChanges(look: () => void): void {
  const latest = useRef(look)
  latest.current = look
  useEffect(() => {
    const listener = () => latest.current()
    listeners.add(listener)
    follow()
    return () => {
      listeners.delete(listener)
      follow()
    }
  }, [])
}

export interface Remote<T> {
  readonly value: T | undefined
  readonly problem: ApiProblem | undefined
  readonly look: () => void
}

/** What the address answers, kept up to date. */
export function useRemote<T>(path: string): Remote<T> {
  const [state, setState] = useState<{ path: string; value?: T; problem?: ApiProblem }>({ path })
  const wanted = useRef(path)
  wanted.current = path
  const asked = useRef(0)
  const shown = useRef(0)
  const askNow = async () => {
    const number = ++asked.current
    try {
      const value = await ask<T>(path)
      // An answer that comes after that of a later question is an old one.
      if (number < shown.current || wanted.current !== path) return
      shown.current = number
      setState({ path, value })
    } catch (problem) {
      if (wanted.current !== path || !(problem instanceof ApiProblem)) return
      // What was seen stays while the server is away.
      setState((was) => ({ ...(was.path === path ? was : { path }), problem }))
    }
  }
  const look = () => void askNow()
  useEffect(look, [path])
  useChanges(look)
  const isOfPath = state.path === path
  return {
    value: isOfPath ? state.value : undefined,
    problem: isOfPath ? state.problem : undefined,
    look,
  }
}
