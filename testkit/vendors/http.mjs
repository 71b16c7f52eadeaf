// SPDX-License-Identifier: Apache-2.0
// What the fakes of services share: a server that answers with JSON, faults on order, and a record of what was said.
import http from 'node:http';
import https from 'node:https';
import fs from 'node:fs';

export const argument = (name) => process.argv.find((one) => one.startsWith(`--${name}=`))?.slice(name.length + 3);

/** An answer that is not the one of success: thrown by handlers. */
export class Refusal extends Error {
  constructor(status, body, headers = {}) {
    super(String(status));
    Object.assign(this, { status, body, headers });
  }
}

const read = (request) =>
  new Promise((resolve, reject) => {
    const parts = [];
    request.on('data', (bytes) => parts.push(bytes));
    request.on('end', () => resolve(Buffer.concat(parts)));
    request.on('error', reject);
  });

/**
 * A fault: {method, path (a piece of it), times, do}. `do` is
 *   {status, body?, headers?}   answered before anything is done
 *   'reset'                     the connection is broken before anything is done
 *   'reset_after'               … after it was done
 *   'error_after'               done, and answered with 500
 *   'silence_after'             done, and never answered
 * `chance` (0…1) lets it strike now and then, by a generator that the seed decides.
 */
export class Faults {
  constructor() {
    this.list = [];
    this.struck = 0;
    this.state = 1;
  }
  set(list, seed = 1) {
    this.list = list.map((one) => ({ times: Infinity, chance: 1, ...one, times_left: one.times ?? Infinity }));
    this.state = seed >>> 0 || 1;
  }
  random() {
    // xorshift32: the same on every machine.
    this.state ^= this.state << 13;
    this.state >>>= 0;
    this.state ^= this.state >>> 17;
    this.state ^= this.state << 5;
    this.state >>>= 0;
    return this.state / 2 ** 32;
  }
  strike(method, path) {
    for (const one of this.list) {
      if (one.times_left <= 0 || (one.method && one.method !== method) || (one.path && !path.includes(one.path))) continue;
      if (one.chance < 1 && this.random() >= one.chance) continue;
      --one.times_left;
      ++this.struck;
      return one.do;
    }
    return null;
  }
}

/**
 * handle({method, path, query, headers, body, json}) → {status?, body?, headers?}; `body` an object becomes JSON, `undefined` none.
 * control[what](orders) → what is answered to POST /control/what. What was said is kept as {method, path, query, request, status, answer}
 * where `--record=FILE` is given, one line of JSON each.
 */
export function serve({ handle, control, faults }) {
  const record = argument('record');
  const log = record ? fs.createWriteStream(record, { flags: 'a' }) : null;
  const send = (response, { status = 200, body, headers = {} }) => {
    const bytes = body === undefined ? Buffer.alloc(0) : Buffer.isBuffer(body) ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
    response.writeHead(status, { ...(bytes.length > 0 ? { 'Content-Type': 'application/json; charset=UTF-8' } : {}), ...headers, 'Content-Length': bytes.length });
    response.end(bytes);
  };
  const answer = async (request, response) => {
    const url = new URL(request.url, 'http://127.0.0.1');
    const body = await read(request);
    if (url.pathname.startsWith('/control/')) {
      const order = control[url.pathname.slice('/control/'.length)];
      if (!order) return send(response, { status: 404, body: { error: 'no such order' } });
      return send(response, { body: (await order(body.length > 0 ? JSON.parse(body) : {})) ?? {} });
    }
    const fault = faults.strike(request.method, url.pathname);
    if (fault === 'reset') return request.socket.destroy();
    if (fault?.status) return send(response, fault);
    const call = { method: request.method, path: url.pathname, query: url.searchParams, headers: request.headers, body };
    if ((request.headers['content-type'] ?? '').startsWith('application/json') && body.length > 0) {
      try {
        call.json = JSON.parse(body);
      } catch {
        return send(response, { status: 400, body: { error: { code: 400, message: 'Invalid JSON payload received.', status: 'INVALID_ARGUMENT' } } });
      }
    }
    let said;
    try {
      said = { status: 200, ...(await handle(call)) };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      said = error;
    }
    log?.write(`${JSON.stringify({ method: call.method, path: call.path, query: [...url.searchParams], request: call.json, status: said.status, answer: said.body })}\n`);
    if (fault === 'reset_after') return request.socket.destroy();
    if (fault === 'silence_after') return undefined;
    if (fault === 'error_after') return send(response, { status: 500, body: { error: { code: 500, message: 'Internal error encountered.', status: 'INTERNAL' } } });
    return send(response, said);
  };
  // Clients that show their token only to https: --tls-key=FILE --tls-certificate=FILE.
  const key = argument('tls-key');
  const tls = key ? { key: fs.readFileSync(key), cert: fs.readFileSync(argument('tls-certificate')) } : null;
  const listen = tls ? (handler) => https.createServer(tls, handler) : (handler) => http.createServer(handler);
  const server = listen((request, response) => {
    answer(request, response).catch((error) => {
      console.error(error);
      if (!response.headersSent) send(response, { status: 599, body: { error: { code: 599, message: `the fake itself failed: ${error.stack}` } } });
    });
  });
  server.keepAliveTimeout = 60_000;
  server.listen(Number(argument('port') ?? 0), '127.0.0.1', () => console.log(`listening on ${server.address().port}`));
  return server;
}
