/**
 * Fetches one file over HTTP: continues where an earlier fetch was cut off, tries again when a connection breaks, and writes no
 * byte more than was pinned. What it leaves is as long as it should be; whether it is right is for the caller to prove.
 */
import { open, stat } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { backoffMs } from '../kernel/backoff.ts'
import { ArtifactProblem } from './problem.ts'

export interface Location {
  readonly url: string
  /** For the origin of `url` alone; a redirection to another one does not get it. */
  readonly authorization?: string
}

export interface Download {
  readonly from: Location
  readonly to: string
  readonly size: number
  readonly onBytes: (bytes: number) => void
  readonly signal?: AbortSignal | undefined
}

const TRIES = 5
/** A server that sends nothing for so long is gone. */
const SILENCE_MS = 30_000

/** Throws ArtifactProblem for an answer that no further try changes. */
export async function download(it: Download): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await fetchRest(it)
      return
    } catch (problem) {
      if (problem instanceof ArtifactProblem) throw problem
      it.signal?.throwIfAborted()
      if (attempt === TRIES)
        throw new ArtifactProblem(
          `${shown(it.from.url)} broke off ${TRIES} times: ${reasonOf(problem)}`,
          { cause: problem },
        )
      await pause(backoffMs(attempt, 0.5), undefined, { ...(it.signal && { signal: it.signal }) })
    }
  }
}

async function fetchRest({ from, to, size, onBytes, signal }: Download): Promise<void> {
  let there = (await stat(to).catch(() => undefined))?.size ?? 0
  if (there > size) there = 0
  onBytes(there)
  if (there === size) return
  const silence = new AbortController()
  let timer = setTimeout(() => silence.abort(new Error('nothing more came')), SILENCE_MS)
  const response = await fetch(from.url, {
    headers: {
      'Accept-Encoding': 'identity',
      ...(from.authorization === undefined ? {} : { Authorization: from.authorization }),
      ...(there > 0 ? { Range: `bytes=${there}-` } : {}),
    },
    signal: AbortSignal.any([silence.signal, ...(signal ? [signal] : [])]),
  })
  try {
    const start = startOf(response, { url: from.url, there })
    const announced = response.headers.get('content-length')
    if (announced !== null && start + Number(announced) !== size) tooLong(from.url, size)
    const file = await open(to, start === 0 ? 'w' : 'r+', 0o600)
    try {
      let at = start
      for await (const piece of response.body ?? []) {
        clearTimeout(timer)
        timer = setTimeout(() => silence.abort(new Error('nothing more came')), SILENCE_MS)
        const bytes = piece as Uint8Array
        if (at + bytes.length > size) tooLong(from.url, size)
        for (let done = 0; done < bytes.length;)
          done += (await file.write(bytes, done, bytes.length - done, at + done)).bytesWritten
        at += bytes.length
        onBytes(at)
      }
      await file.sync()
      if (at < size) throw new Error(`it ended after ${at} of ${size} bytes`)
    } finally {
      await file.close()
    }
  } finally {
    clearTimeout(timer)
    await response.body?.cancel().catch(() => undefined)
  }
}

/** Where in the file the answer begins. */
function startOf(response: Response, it: { readonly url: string; readonly there: number }): number {
  if (response.status === 200) return 0
  if (response.status === 206) {
    const [, first] = /^bytes (\d+)-/.exec(response.headers.get('content-range') ?? '') ?? []
    if (Number(first) === it.there) return it.there
  }
  const { status } = response
  if (status === 429 || status >= 500) throw new Error(`it answers ${status}`)
  throw new ArtifactProblem(`${shown(it.url)} answers ${status}`)
}

function tooLong(url: string, size: number): never {
  throw new ArtifactProblem(`${shown(url)} is not the file that is pinned: that has ${size} bytes`)
}

/** Without what may be a password in it. */
export function shown(url: string): string {
  const parsed = new URL(url)
  parsed.username = ''
  parsed.password = ''
  parsed.search = ''
  return parsed.href
}

export function reasonOf(problem: unknown): string {
  const { message, cause } = problem as Error
  return cause instanceof Error && cause.message !== '' ? cause.message : message
}
