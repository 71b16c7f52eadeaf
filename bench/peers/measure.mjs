// SPDX-License-Identifier: Apache-2.0
// The closed loop that every peer runs in, and the line that it prints.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

import { kSteps } from './steps.mjs';
import { machineCpuSeconds, ownCpuSeconds, treeCpuSeconds, treeMemoryMb } from './usage.mjs';

export const kWarmUpSeconds = 4;
const kWarmUpSecondsMax = 60;

// `run` hands these over.
export const settings = {
    seconds: Number(process.env.PEERS_SECONDS),
    inFlight: Number(process.env.PEERS_IN_FLIGHT),
    pool: Number(process.env.PEERS_POOL),
    dataFolder: process.env.PEERS_DATA,
    databaseUrl: process.env.PEERS_DATABASE_URL,
    databasePid: Number(process.env.PEERS_DATABASE_PID || 0), // 0: not ours, whoever handed it in measures it.
    databaseVersion: process.env.PEERS_DATABASE_VERSION,
};

// Whoever kills `run` outright ends us too: DBOS would look for its database for ever.
const parent = process.ppid;
setInterval(() => process.ppid === parent || process.exit(1), 1000).unref();

export function packageVersion(name) {
    return JSON.parse(readFileSync(`node_modules/${name}/package.json`, 'utf8')).version;
}

export function round(value, digits = 2) {
    return Number(value.toFixed(digits));
}

// null where nothing ended within the window: a case took longer than all of it.
export function percentile(sorted, share) {
    return sorted.length === 0 ? null : round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))], 3);
}

// Of the database of this measurement. Readers count too, for PostgreSQL counts what they do as a commit.
export async function databaseTransactions() {
    const query = 'SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()';
    const { stdout } = await promisify(execFile)('psql', ['-XAtqc', query, settings.databaseUrl]);
    return Number(stdout);
}

async function readAll(counters) {
    const read = Object.entries(counters).map(async ([name, counter]) => [name, await counter()]);
    return Object.fromEntries(await Promise.all(read));
}

// The timed part of a run. `parts` names the processes that do the work: { engine: pid, worker: pid, database: pid };
// a part without a pid is one that we cannot see. `counters`: functions whose growth within the window is wanted.
export class Window {
    static async open(parts, counters) {
        return new Window(parts, counters, await readAll(counters));
    }

    constructor(parts, counters, counted) {
        this.parts = parts;
        this.counters = counters;
        this.counted = counted;
        this.began = performance.now();
        this.cpu = this.#cpu();
        this.machine = machineCpuSeconds();
    }

    async close() {
        const ended = performance.now();
        const cpu = this.#cpu();
        const machine = machineCpuSeconds();
        const counted = await readAll(this.counters);
        const used = Object.fromEntries(Object.keys(cpu).map((part) => [part, cpu[part] - this.cpu[part]]));
        const ours = Object.values(used).reduce((sum, seconds) => sum + seconds, 0);
        const visible = Object.values(this.parts).every(Boolean);
        const others = (machine.busy - this.machine.busy - ours) / (machine.all - this.machine.all);
        const pids = Object.values(this.parts).filter(Boolean);
        return {
            began: this.began,
            ended,
            seconds: (ended - this.began) / 1000,
            used,
            othersPct: visible ? Math.max(0, Math.round(100 * others)) : null,
            memoryMb: pids.reduce((sum, pid) => sum + treeMemoryMb(pid), 0),
            counted: Object.fromEntries(Object.keys(counted).map((name) => [name, counted[name] - this.counted[name]])),
        };
    }

    // This process drives the others where it does not do the work itself.
    #cpu() {
        const seen = Object.entries(this.parts).filter(([, pid]) => pid);
        const cpu = Object.fromEntries(seen.map(([part, pid]) => [part, pid === process.pid ? ownCpuSeconds(pid) : treeCpuSeconds(pid)]));
        return Object.values(this.parts).includes(process.pid) ? cpu : { ...cpu, driver: ownCpuSeconds(process.pid) };
    }
}

// Prints the line of one measurement. `cases`: how many the window saw; `millis`: how long each took that ended within it.
export function report({ peer, versions, window, cases, millis }) {
    if (cases === 0) {
        throw new Error(`no case came forward within ${settings.seconds} s`);
    }
    const perCase = (seconds) => round((1000 * seconds) / cases);
    const { driver, ...work } = window.used;
    const sorted = millis.toSorted((a, b) => a - b);
    const { transactions } = window.counted;
    // PostgreSQL's sessions tell their counters about once a second: so much may be missing at either end.
    if (transactions * (1 + 2 / settings.seconds) < kSteps * cases) {
        throw new Error(`${transactions} transactions for ${cases} cases of ${kSteps} steps: not every step was committed`);
    }
    const line = {
        peer,
        in_flight: settings.inFlight,
        cases: Math.round(cases),
        seconds: round(window.seconds, 1),
        cases_per_s: round(cases / window.seconds, 1),
        p50_ms: percentile(sorted, 0.5),
        p99_ms: percentile(sorted, 0.99),
        cpu_ms_per_case: perCase(Object.values(work).reduce((sum, seconds) => sum + seconds, 0)),
        cpu_ms_by_part: Object.fromEntries(Object.entries(window.used).map(([part, seconds]) => [part, perCase(seconds)])),
        rss_mb: Math.round(window.memoryMb),
        others_cpu_pct: window.othersPct,
        ...(transactions === undefined ? {} : { transactions_per_case: Math.round(transactions / cases) }),
        versions: { ...versions, node: process.versions.node },
    };
    console.log(JSON.stringify(line));
}

// Keeps `inFlight` cases in flight: where one ends the next begins, until the window is over. `runCase(id)` ends with the case.
// What the window saw is told by its steps, for cases that wait for the same connections march in step: all 64 may end at once,
// and a window would hold five such waves or six.
export async function measure({ peer, versions, parts, counters, runCase }) {
    const { seconds, inFlight } = settings;
    const ended = [];
    let begun = 0;
    let over = false;
    const loop = async () => {
        while (!over) {
            const began = performance.now();
            await runCase(`case-${++begun}`);
            const now = performance.now();
            ended.push({ at: now, millis: now - began });
        }
    };
    const timed = async () => {
        // Warm is who has ended as many cases as are in flight: before that the first wave still fills the queues.
        for (let waited = 0; waited < kWarmUpSeconds || ended.length < inFlight; waited += 0.1) {
            if (waited > kWarmUpSecondsMax) {
                throw new Error(`only ${ended.length} of ${inFlight} cases ended within ${kWarmUpSecondsMax} s of warming up`);
            }
            await sleep(100);
        }
        const window = await Window.open(parts, counters);
        await sleep(1000 * seconds);
        return window.close();
    };
    const loops = Promise.all(Array.from({ length: inFlight }, loop));
    const window = await Promise.race([timed(), loops]); // The loops win only by failing.
    over = true;
    await loops;
    const inside = ended.filter(({ at }) => at > window.began && at <= window.ended);
    const cases = window.counted.steps / kSteps;
    report({ peer, versions, window, cases, millis: inside.map(({ millis }) => millis) });
}
