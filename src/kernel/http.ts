/**
 * Node's `http`, by its own object. An `import` of it reads every property that it has, `WebSocket` among them, and so loads all
 * of Node's fetch: 40 ms of processor time and megabytes of memory in each process that only wants a server.
 */
export const { createServer, get, request } = process.getBuiltinModule('node:http')

export type { IncomingMessage } from 'node:http'
