// SPDX-License-Identifier: Apache-2.0
// Restate: a server of its own with its log on disk, and a worker. This process starts both and calls the cases over HTTP.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import { measure, packageVersion, settings } from '../measure.mjs';
import { kSteps } from '../steps.mjs';

const kStartSecondsMax = 60;
const kPlatformPackage = `@restatedev/restate-server-${process.platform}-${process.arch}`;

async function freePorts(count) {
    const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
    await Promise.all(servers.map((server) => once(server, 'listening')));
    const ports = servers.map((server) => server.address().port);
    await Promise.all(servers.map((server) => once(server.close(), 'close')));
    return ports;
}

const connections = new Agent({ keepAlive: true, maxSockets: Infinity });

function call(port, method, path, body) {
    return new Promise((resolve, reject) => {
        const text = body === undefined ? '' : JSON.stringify(body);
        const headers = { 'content-type': 'application/json', accept: 'application/json', 'content-length': Buffer.byteLength(text) };
        const sent = request({ host: '127.0.0.1', port, method, path, headers, agent: connections }, async (answer) => {
            try {
                const content = Buffer.concat(await answer.toArray()).toString();
                if (answer.statusCode >= 300) {
                    throw new Error(`${method} ${path}: ${answer.statusCode} ${content}`);
                }
                resolve(content === '' ? undefined : JSON.parse(content));
            } catch (error) {
                reject(error);
            }
        });
        sent.on('error', reject).end(text);
    });
}

// A server that starts refuses connections first, then answers 503: both pass.
async function untilItAnswers(what, ask) {
    const until = performance.now() + 1000 * kStartSecondsMax;
    for (;;) {
        try {
            return await ask();
        } catch (error) {
            if (performance.now() > until) {
                throw new Error(`${what} did not come up within ${kStartSecondsMax} s; its log is ${process.env.PEERS_LOG}`, { cause: error });
            }
            await sleep(100);
        }
    }
}

// The defaults of the server, its synced log among them, but for where it listens and where its data lies.
function serverConfig([node, ingress, admin], folder) {
    return `
        node-name = "peers"
        base-dir = "${folder}"
        listen-mode = "tcp"
        bind-ip = "127.0.0.1"
        bind-port = ${node}
        advertised-host = "127.0.0.1"
        disable-telemetry = true
        log-filter = "warn"
        [ingress]
        bind-port = ${ingress}
        [admin]
        bind-port = ${admin}
    `;
}

const folder = `${settings.dataFolder}/restate`;
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const [node, ingress, admin, workerPort] = await freePorts(4);
writeFileSync(`${folder}/restate.toml`, serverConfig([node, ingress, admin], folder));

const log = openSync(process.env.PEERS_LOG, 'a');
let stopping = false;
const start = (program, args, channel = []) => {
    const child = spawn(program, args, { stdio: ['ignore', log, log, ...channel] });
    child.once('exit', (code, signal) => {
        if (!stopping) {
            console.error(`${program} ended by itself (${signal ?? code}); its log is ${process.env.PEERS_LOG}`);
            process.exit(1);
        }
    });
    return child;
};
const server = start(`node_modules/${kPlatformPackage}/bin/restate-server`, ['--no-logo', '--config-file', `${folder}/restate.toml`]);
const worker = start(process.execPath, ['worker.mjs', `${workerPort}`], ['ipc']);
process.on('exit', () => [server, worker].forEach((child) => child.kill('SIGKILL')));

const stepsOfWorker = async () => {
    worker.send('steps?');
    return (await once(worker, 'message'))[0];
};
const runCase = async (caseId) => {
    if ((await call(ingress, 'POST', '/cases/run', caseId)) !== kSteps - 1) {
        throw new Error(`${caseId} ended before its last step`);
    }
};
await untilItAnswers("Restate's server", () => call(admin, 'GET', '/health'));
await untilItAnswers('the worker', () => call(admin, 'POST', '/deployments', { uri: `http://127.0.0.1:${workerPort}` }));
await untilItAnswers('the first case', () => runCase('first'));

// What the comparison rests on: every step of a case stands in the journal.
const query = "SELECT COUNT(*) AS steps FROM sys_journal WHERE entry_type = 'Command: Run'";
const { rows } = await call(admin, 'POST', '/query', { query });
if (Number(rows[0].steps) < kSteps) {
    throw new Error(`the journal of the first case holds ${rows[0].steps} of ${kSteps} steps`);
}

await measure({
    peer: 'restate',
    versions: { restate_server: packageVersion('@restatedev/restate-server'), restate_sdk: packageVersion('@restatedev/restate-sdk') },
    parts: { engine: server.pid, worker: worker.pid },
    counters: { steps: stepsOfWorker },
    runCase,
});
stopping = true;
process.exit(0);
