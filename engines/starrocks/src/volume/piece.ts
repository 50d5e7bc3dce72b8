/**
 * The pieces that a database file is kept in: its headers, and then 1 MiB each, which is four of DuckDB's blocks. A piece is named by
 * its SHA-256, so that one that is there is not written again.
 */
import type { FileHandle } from 'node:fs/promises'
import { sha256Hex } from '../../../../src/kernel/digest.ts'

/** DuckDB's three headers of 4 KiB; its blocks follow (DuckDB, storage/storage_info.hpp). */
const HEADER_BYTES = 3 * 4096
const BLOCK_BYTES = 256 * 1024
const PIECE_BLOCKS = 4
export const PIECE_BYTES = PIECE_BLOCKS * BLOCK_BYTES

export const pieceFolder = 'piece/'
export const pieceName = (digest: string): string => `${pieceFolder}${digest}`

export function pieceCount(fileBytes: number): number {
  if (fileBytes === 0) return 0
  return 1 + Math.ceil(Math.max(0, fileBytes - HEADER_BYTES) / PIECE_BYTES)
}

export const pieceOfBlock = (block: number): number => 1 + Math.floor(block / PIECE_BLOCKS)

/** How many blocks a piece of a file of so many bytes has. */
export const blocksIn = (index: number, fileBytes: number): number =>
  Math.ceil(pieceRange(index, fileBytes).bytes / BLOCK_BYTES)

/** Where it lies in a file of so many bytes. */
export function pieceRange(index: number, fileBytes: number): { at: number; bytes: number } {
  const at = index === 0 ? 0 : HEADER_BYTES + (index - 1) * PIECE_BYTES
  const most = index === 0 ? HEADER_BYTES : PIECE_BYTES
  return { at, bytes: Math.max(0, Math.min(most, fileBytes - at)) }
}

/** What lies there now; shorter where the file ends. */
export async function readPiece(
  file: FileHandle,
  { at, bytes }: { readonly at: number; readonly bytes: number },
): Promise<{ readonly content: Buffer; readonly digest: string }> {
  const buffer = Buffer.allocUnsafe(bytes)
  let read = 0
  while (read < bytes) {
    const { bytesRead } = await file.read(buffer, read, bytes - read, at + read)
    if (bytesRead === 0) break
    read += bytesRead
  }
  const content = buffer.subarray(0, read)
  return { content, digest: sha256Hex(content) }
}
