// Decides cases with @cloud-copilot/iam-simulate, an independent evaluator (AGPL: installed for tests into a folder
// outside this repository, whose path is the argument, and neither linked nor copied).
//
// stdin: one case a line {action, resource, context, identity: [policy], boundary?, session?}.
// stdout: a line for each: Allowed, ImplicitlyDenied, ExplicitlyDenied, or `error: ...`.
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const entry = join(process.argv[2], 'node_modules/@cloud-copilot/iam-simulate/dist/esm/index.js');
const { runUnsafeSimulation } = await import(pathToFileURL(entry));

const named = (policies) => policies.map((policy, index) => ({ name: `p${index}`, policy }));

let out = [];
for await (const line of createInterface({ input: process.stdin })) {
  const { action, resource, context, identity, boundary, session } = JSON.parse(line);
  try {
    const answer = runUnsafeSimulation(
      {
        request: {
          principal: 'arn:aws:sts::111122223333:assumed-role/role/session',
          action,
          resource: { resource, accountId: '111122223333' },
          contextVariables: context,
        },
        identityPolicies: named(identity),
        permissionBoundaryPolicies: boundary && named([boundary]),
        sessionPolicy: session,
        serviceControlPolicies: [],
        resourceControlPolicies: [],
      },
      {},
    );
    out.push(answer);
  } catch (error) {
    out.push(`error: ${String(error).replaceAll('\n', ' ')}`);
  }
  if (out.length === 1000) {
    process.stdout.write(`${out.join('\n')}\n`);
    out = [];
  }
}
process.stdout.write(out.length > 0 ? `${out.join('\n')}\n` : '');
