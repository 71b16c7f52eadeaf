// SPDX-License-Identifier: Apache-2.0
// The floor of everything that stands on PostgreSQL: 16 rows a case, each in a commit of its own. pgbench keeps the connections busy.
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

import { databaseTransactions, kWarmUpSeconds, report, settings, Window } from '../measure.mjs';
import { kSteps, stepResult } from '../steps.mjs';

const { seconds, inFlight, databaseUrl, dataFolder } = settings;
const folder = `${dataFolder}/pgbench`;
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });

// pgbench keeps a connection's variables from one case to the next: :n counts its cases.
const insert = (step) => `INSERT INTO steps VALUES (:case, ${step}, '${JSON.stringify(stepResult('case-123456', step))}');`;
const steps = Array.from({ length: kSteps }, (_, step) => insert(step));
writeFileSync(`${folder}/case.sql`, ['\\set n :n + 1', '\\set case :client_id * 1000000000 + :n', ...steps, ''].join('\n'));
const table = 'CREATE TABLE steps (case_id bigint, step int, result text NOT NULL, PRIMARY KEY (case_id, step))';
execFileSync('psql', ['-Xqc', table, databaseUrl]);

const args = ['--no-vacuum', '--protocol=prepared', '--file=case.sql', '--define=n=0', `--client=${inFlight}`, `--jobs=${Math.min(2, inFlight)}`];
// The more sessions are at work, the longer our own question before and after the window waits for its turn.
const length = kWarmUpSeconds + seconds + 2 + Math.ceil(inFlight / 32);
const pgbench = spawn('pgbench', [...args, `--time=${length}`, '--log', '--log-prefix=cases', databaseUrl], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
});
process.on('exit', () => pgbench.kill());
let complaints = '';
pgbench.stderr.on('data', (text) => (complaints += text));
const end = new Promise((ended) => pgbench.once('close', ended));
// Connections that the cluster refuses end pgbench at once.
const failed = async () => {
    throw new Error(`pgbench ended early (${await end}): ${complaints}`);
};

const timed = async () => {
    await sleep(1000 * kWarmUpSeconds);
    const window = await Window.open({ worker: pgbench.pid, database: settings.databasePid }, { transactions: databaseTransactions });
    await sleep(1000 * seconds);
    return window.close();
};
const window = await Promise.race([timed(), failed()]);
if ((await end) !== 0) {
    throw new Error(`pgbench failed: ${complaints}`);
}

// A line of the log: client, count, microseconds that the case took, file, and when it ended, as seconds and microseconds of the clock.
const lines = readdirSync(folder)
    .filter((name) => name.startsWith('cases.'))
    .flatMap((name) => readFileSync(`${folder}/${name}`, 'utf8').trim().split('\n'))
    .map((line) => line.split(' ').map(Number));
const millis = lines
    .map(([, , took, , second, micros]) => ({ at: 1000 * second + micros / 1000 - performance.timeOrigin, millis: took / 1000 }))
    .filter(({ at }) => at > window.began && at <= window.ended)
    .map((line) => line.millis);
report({ peer: 'floor-postgresql', versions: { postgresql: settings.databaseVersion }, window, cases: millis.length, millis });
rmSync(folder, { recursive: true, force: true });
