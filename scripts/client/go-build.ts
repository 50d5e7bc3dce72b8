/** How programs of Go are built for tests: with the least processor time, and the same everywhere, so that Go keeps its library compiled once. */
export const goBuild = {
  CGO_ENABLED: '0',
  /** Memory for processor time: with the usual bound a quarter of it goes to collecting what the compiler's end frees. */
  GOGC: '400',
  /** Nobody debugs them. */
  GOFLAGS: '-mod=readonly -buildvcs=false -trimpath -gcflags=all=-dwarf=false',
} as const
