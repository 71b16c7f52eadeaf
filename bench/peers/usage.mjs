// SPDX-License-Identifier: Apache-2.0
// What processes use, as /proc tells it.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

const kTicksPerSecond = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

// proc(5): the name of the program stands in brackets and may hold spaces, so the fields are counted from its end.
function stat(pid) {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ').map(Number);
    return { parent: fields[1], own: (fields[11] + fields[12]) / kTicksPerSecond, reaped: (fields[13] + fields[14]) / kTicksPerSecond };
}

// A process that ends while we look at it counts as nothing: its parent has, or will have, what it used.
function orElse(fallback, read) {
    try {
        return read();
    } catch {
        return fallback;
    }
}

function tree(root) {
    const children = new Map();
    for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
        const parent = orElse(undefined, () => stat(name).parent);
        children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
    }
    const found = [root];
    for (let i = 0; i < found.length; i++) {
        found.push(...(children.get(found[i]) ?? []));
    }
    return found;
}

// CPU seconds of a process, of all that descend from it, and of those children that have ended.
export function treeCpuSeconds(root) {
    const { own, reaped } = stat(root);
    const below = tree(root).slice(1).map((pid) => orElse(0, () => stat(pid).own + stat(pid).reaped));
    return below.reduce((sum, seconds) => sum + seconds, own + reaped);
}

export function ownCpuSeconds(pid) {
    return stat(pid).own;
}

// Resident memory of a process and its descendants. A page that n processes share counts as 1/n in each of them (PSS), for
// PostgreSQL's processes all show the same shared buffers.
export function treeMemoryMb(root) {
    const kilobytes = (pid) => Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0);
    return tree(root).reduce((sum, pid) => sum + orElse(0, () => kilobytes(pid)), 0) / 1024;
}

// Since boot, all cores together. What a hypervisor took from us ("steal") counts as busy: somebody else had it.
export function machineCpuSeconds() {
    const ticks = readFileSync('/proc/stat', 'utf8').split('\n', 1)[0].trim().split(/\s+/).slice(1, 9).map(Number);
    const all = ticks.reduce((sum, n) => sum + n, 0);
    return { all: all / kTicksPerSecond, busy: (all - ticks[3] - ticks[4]) / kTicksPerSecond };
}
