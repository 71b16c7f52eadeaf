// SPDX-License-Identifier: Apache-2.0
// LangGraph: a chain of one node a step, its checkpoints in PostgreSQL, each written before the next node runs.
import { Annotation, END, START, StateGraph } from '@langchain/langgraph';
import { PostgresSaver } from '@langchain/langgraph-checkpoint-postgres';
import pg from 'pg';

import { databaseTransactions, measure, packageVersion, settings } from '../measure.mjs';
import { kSteps, stepResult, stepsRun } from '../steps.mjs';

const steps = Array.from({ length: kSteps }, (_, step) => step);
const nameOf = (step) => `step-${step}`;

// Each step writes a channel of its own: a checkpoint stores only the channels that changed.
const channels = Object.fromEntries(steps.map((step) => [`result_${step}`, Annotation]));
const graph = new StateGraph(Annotation.Root({ caseId: Annotation, ...channels }));
for (const step of steps) {
    graph.addNode(nameOf(step), async ({ caseId }) => ({ [`result_${step}`]: stepResult(caseId, step) }));
    graph.addEdge(step === 0 ? START : nameOf(step - 1), nameOf(step));
}
graph.addEdge(nameOf(kSteps - 1), END);

const pool = new pg.Pool({ connectionString: settings.databaseUrl, max: settings.pool });
const checkpointer = new PostgresSaver(pool);
await checkpointer.setup();
const app = graph.compile({ checkpointer });

await measure({
    peer: 'langgraph',
    versions: {
        langgraph: packageVersion('@langchain/langgraph'),
        checkpoint_postgres: packageVersion('@langchain/langgraph-checkpoint-postgres'),
        postgresql: settings.databaseVersion,
        pool: settings.pool,
    },
    parts: { worker: process.pid, database: settings.databasePid },
    counters: { steps: () => stepsRun, transactions: databaseTransactions },
    runCase: async (caseId) => {
        // Every node is a step of the graph's own loop; the default limit of 25 of them is above our 16.
        const end = await app.invoke({ caseId }, { configurable: { thread_id: caseId }, durability: 'sync' });
        if (end[`result_${kSteps - 1}`]?.step !== kSteps - 1) {
            throw new Error(`${caseId} ended before its last step`);
        }
    },
});
await pool.end();
process.exit(0);
