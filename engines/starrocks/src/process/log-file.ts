/**
 * A log file that does not grow without end: at `maxBytes` it becomes `<file>.1`, the one before `<file>.2` and so on, and
 * what is older than `files` goes. Lines are written at once, so that the last words of a process that dies are there.
 * A disk that is full costs log lines, never the engine.
 */
import { closeSync, fstatSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'

export interface LogFile {
  write(line: string): void
  close(): void
}

export interface LogFileOptions {
  readonly path: string
  readonly maxBytes: number
  /** Older files beside the current one. */
  readonly files: number
}

export function logFile({ path, maxBytes, files }: LogFileOptions): LogFile {
  let file = openSync(path, 'a', 0o600)
  let bytes = fstatSync(file).size
  const rotate = () => {
    closeSync(file)
    rmSync(`${path}.${files}`, { force: true })
    for (let number = files - 1; number >= 0; number--) {
      const from = number === 0 ? path : `${path}.${number}`
      try {
        renameSync(from, `${path}.${number + 1}`)
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
      }
    }
    file = openSync(path, 'a', 0o600)
    bytes = 0
  }
  return {
    write(line) {
      try {
        const length = Buffer.byteLength(line)
        if (bytes > 0 && bytes + length > maxBytes) rotate()
        writeSync(file, line)
        bytes += length
      } catch {
        // Nowhere to say it but here.
      }
    },
    close: () => closeSync(file),
  }
}
