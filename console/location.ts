/** Where the console is: the address bar says it all, so that a page can be sent to somebody and the browser's buttons work. */
import { useSyncExternalStore } from './external.ts'

export interface Place {
  /** What follows `/console`; `/` for the first page. */
  readonly path: string
  readonly query: URLSearchParams
}

const BASE = '/console'
const listeners = new Set<() => void>()
let place = read()

function read(): Place {
  const { pathname, search } = window.location
  return { path: pathname.slice(BASE.length) || '/', query: new URLSearchParams(search) }
}

function tell(): void {
  place = read()
  for (const listener of listeners) listener()
}

window.addEventListener('popstate', tell)

export function usePlace(): Place {
  return useSyncExternalStore(subscribe, current)
}

function current(): Place {
  return place
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function addressOf(path: string, query?: URLSearchParams): string {
  const text = query?.toString() ?? ''
  return `${BASE}${path}${text === '' ? '' : `?${text}`}`
}

export function go(path: string): void {
  window.history.pushState(null, '', addressOf(path))
  tell()
  window.scrollTo(0, 0)
  focusPage()
}

/** What had the focus is gone with the page that it was on; readers and keys continue at the new one. */
export function focusPage(): void {
  document.getElementById('content')?.focus()
}

/** Another look at the same page: the way back leads past it. */
export function setQuery(change: Readonly<Record<string, string | undefined>>): void {
  const query = new URLSearchParams(place.query)
  for (const [name, value] of Object.entries(change)) {
    if (value === undefined || value === '') query.delete(name)
    else query.set(name, value)
  }
  window.history.replaceState(null, '', addressOf(place.path, query))
  tell()
}
