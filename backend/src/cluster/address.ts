import { hostname } from 'node:os';

/** Base URL of a process that listens at `host` and `port`. */
export const urlOf = (host: string, port: number): string =>
  `http://${host.includes(':') ? `[${host}]` : host}:${port}`;

/** Base URL under which others on the network may know it: one that listens on every address has its machine's name. */
export const reachableUrlOf = (host: string, port: number): string =>
  urlOf(host === '0.0.0.0' || host === '::' ? hostname() : host, port);
