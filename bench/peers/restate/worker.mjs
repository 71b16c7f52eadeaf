// SPDX-License-Identifier: Apache-2.0
// The user's service: Restate's server calls it over HTTP/2 and records what each step returned before the next one runs.
import { createServer } from 'node:http2';

import * as restate from '@restatedev/restate-sdk';

import { kSteps, stepResult, stepsRun } from '../steps.mjs';

const cases = restate.service({
    name: 'cases',
    handlers: {
        run: async (context, caseId) => {
            let last;
            for (let step = 0; step < kSteps; step++) {
                last = await context.run(`step-${step}`, async () => stepResult(caseId, step));
            }
            return last.step;
        },
    },
});

createServer(restate.createEndpointHandler({ services: [cases] })).listen(Number(process.argv[2]), '127.0.0.1');
process.on('message', () => process.send(stepsRun));
process.on('disconnect', () => process.exit(0));
