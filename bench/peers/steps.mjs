// SPDX-License-Identifier: Apache-2.0
// The work of a case, the same for every peer: 16 steps, one after the other; each costs nothing and returns about 300 bytes of JSON.
export const kSteps = 16;
const kNote = 'Parcel 00340434161094022 was handed to the depot; the customer asked for it to be left with a neighbour. '.repeat(3).slice(0, 225);

// How many steps this process has run.
export let stepsRun = 0;

export function stepResult(caseId, step) {
    stepsRun++;
    return { case: caseId, step, outcome: 'succeeded', note: kNote };
}
