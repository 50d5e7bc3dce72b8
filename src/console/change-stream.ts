/**
 * Tells open pages that something changed, by server-sent events: that, and never what. A page then asks again, as whoever it is, so that
 * nothing passes here that policies would hide. Streams are bounded; each ends with its session.
 */
import { Readable } from 'node:stream'
import { limits } from '../limits.ts'

export interface ChangeStreams {
  /** Undefined when there are too many. */
  open(isWanted: () => boolean): Readable | undefined
  close(): void
  readonly size: number
}

interface Open {
  readonly stream: Readable
  readonly isWanted: () => boolean
}

export function changeStreams(revision: () => number): ChangeStreams {
  const opened = new Set<Open>()
  let timer: NodeJS.Timeout | undefined
  let announced = revision()
  let quietMs = 0

  const look = () => {
    const now = revision()
    const isNew = now !== announced
    quietMs = isNew ? 0 : quietMs + limits.consoleLookMs
    const isSilent = quietMs >= limits.consoleQuietMs
    if (isSilent) quietMs = 0
    announced = now
    for (const each of opened) {
      if (!each.isWanted()) each.stream.push(null)
      else if (isNew) send(each.stream, `data: ${now}\n\n`)
      // A comment: a connection that is gone shows when something is sent on it.
      else if (isSilent) send(each.stream, ':\n\n')
    }
  }

  const forget = (each: Open) => {
    opened.delete(each)
    if (opened.size > 0) return
    clearInterval(timer)
    timer = undefined
  }

  return {
    open(isWanted) {
      if (opened.size >= limits.consoleStreams) return undefined
      const stream = new Readable({ read() {} })
      const each = { stream, isWanted }
      opened.add(each)
      stream.once('close', () => forget(each))
      timer ??= setInterval(look, limits.consoleLookMs).unref()
      stream.push(`retry: ${limits.consoleRetryMs}\ndata: ${revision()}\n\n`)
      return stream
    },
    close() {
      for (const { stream } of opened) stream.push(null)
    },
    get size() {
      return opened.size
    },
  }
}

/** What waits for a reader that takes nothing is bounded; whatever waits makes it ask again. */
function send(stream: Readable, text: string): void {
  if (stream.readableLength < limits.consoleWaitingBytes) stream.push(text)
}
