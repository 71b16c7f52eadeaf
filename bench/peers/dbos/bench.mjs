// SPDX-License-Identifier: Apache-2.0
// DBOS: a library in the worker's process, its state in PostgreSQL. This process starts the cases and runs them.
import { DBOS } from '@dbos-inc/dbos-sdk';

import { databaseTransactions, measure, packageVersion, settings } from '../measure.mjs';
import { kSteps, stepResult, stepsRun } from '../steps.mjs';

const runCase = DBOS.registerWorkflow(
    async (caseId) => {
        let last;
        for (let step = 0; step < kSteps; step++) {
            last = await DBOS.runStep(async () => stepResult(caseId, step), { name: `step-${step}` });
        }
        return last.step;
    },
    { name: 'case' },
);

DBOS.setConfig({ name: 'peers', systemDatabaseUrl: settings.databaseUrl, systemDatabasePoolSize: settings.pool, logLevel: 'error' });
await DBOS.launch();
await measure({
    peer: 'dbos',
    versions: { dbos: packageVersion('@dbos-inc/dbos-sdk'), postgresql: settings.databaseVersion, pool: settings.pool },
    parts: { worker: process.pid, database: settings.databasePid },
    counters: { steps: () => stepsRun, transactions: databaseTransactions },
    runCase: async (caseId) => {
        const handle = await DBOS.startWorkflow(runCase, { workflowID: caseId })(caseId);
        if ((await handle.getResult()) !== kSteps - 1) {
            throw new Error(`${caseId} ended before its last step`);
        }
    },
});
await DBOS.shutdown();
process.exit(0);
