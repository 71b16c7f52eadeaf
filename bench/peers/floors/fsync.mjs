// SPDX-License-Identifier: Apache-2.0
// The floor below everything: how fast one writer gets 4 KiB to the disk, again and again. A case is 16 of these.
import { closeSync, fdatasyncSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs';

import { percentile, round, settings } from '../measure.mjs';
import { kSteps } from '../steps.mjs';
import { machineCpuSeconds, ownCpuSeconds } from '../usage.mjs';

const kBlocks = 4096;
const block = Buffer.alloc(4096, 'x');
const path = `${settings.dataFolder}/fsync.tmp`;

// `append` makes the file longer with each write, so its size must reach the disk too; `overwrite` is what a log in recycled
// segments does, PostgreSQL's for one.
function measureSyncs(kind) {
    rmSync(path, { force: true });
    const file = openSync(path, 'w');
    for (let i = 0; kind === 'overwrite' && i < kBlocks; i++) {
        writeSync(file, block);
    }
    fsyncSync(file);
    const millis = [];
    const [machine, own, began] = [machineCpuSeconds(), ownCpuSeconds(process.pid), performance.now()];
    let now = began;
    while (now - began < 1000 * settings.seconds) {
        const before = now;
        writeSync(file, block, 0, block.length, kind === 'append' ? null : (millis.length % kBlocks) * block.length);
        fdatasyncSync(file);
        now = performance.now();
        millis.push(now - before);
    }
    const after = machineCpuSeconds();
    const cpu = ownCpuSeconds(process.pid) - own;
    const sorted = millis.toSorted((a, b) => a - b);
    const perSecond = (1000 * millis.length) / (now - began);
    console.log(
        JSON.stringify({
            peer: `floor-fsync-${kind}`,
            in_flight: 1,
            syncs_per_s: Math.round(perSecond),
            cases_per_s: round(perSecond / kSteps, 1),
            sync_p50_ms: percentile(sorted, 0.5),
            sync_p99_ms: percentile(sorted, 0.99),
            cpu_ms_per_case: round((1000 * cpu * kSteps) / millis.length),
            others_cpu_pct: Math.max(0, Math.round((100 * (after.busy - machine.busy - cpu)) / (after.all - machine.all))),
            versions: { node: process.versions.node },
        }),
    );
    closeSync(file);
    rmSync(path);
}

measureSyncs('append');
measureSyncs('overwrite');
