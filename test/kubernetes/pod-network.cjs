/**
 * The network of a pod, loaded into its process before anything else (NODE_OPTIONS), as pods here have that of the machine: who listens
 * for everybody listens at the pod's own address, its loopback is that address, addresses of other pods are where they listen
 * (kubelet.ts, `reach`), and those of services are what stands behind them.
 */
'use strict'
const net = require('node:net')

const { own, services } = JSON.parse(process.env.POD_NETWORK)
const EVERYBODY = new Set([undefined, '', '0.0.0.0', '::'])
const LOOPBACK = new Set([undefined, '', 'localhost', '127.0.0.1', '::1'])

function toward({ host, port }) {
  const service = services[`${host}:${port}`]
  if (service !== undefined) return service
  if (LOOPBACK.has(host)) return { host: own, port }
  return { host: host.replace(/^10\./, '127.'), port }
}

const { connect } = net.Socket.prototype
net.Socket.prototype.connect = function (...args) {
  const normalized = Array.isArray(args[0]) ? args[0] : net._normalizeArgs(args)
  const [options] = normalized
  if (options.path === undefined || options.path === null)
    normalized[0] = { ...options, ...toward(options) }
  return connect.call(this, normalized)
}

const { listen } = net.Server.prototype
net.Server.prototype.listen = function (...args) {
  const [options, callback] = net._normalizeArgs(args)
  if (options.port === undefined) return listen.apply(this, args)
  const host = EVERYBODY.has(options.host) ? own : options.host
  const to = [{ ...options, host }]
  return listen.call(this, ...to, ...(callback === null ? [] : [callback]))
}
