/** The routes of those who decide: verifications, approvals, overrides, the stop button, readiness files, traffic, simulations. */
import type { ApprovalView, SimulationView } from '@beluga/contract';
import { addTraffic } from '../actions/add-traffic.ts';
import { type ApprovalView as Approval, decideApproval, listApprovals, requestApproval } from '../actions/approve-plan.ts';
import { approveOverride, listOverrides, requestOverride } from '../actions/override-gates.ts';
import { listVerifications, revokeVerification } from '../actions/revoke-verification.ts';
import { showReadiness, signReadiness } from '../actions/sign-readiness.ts';
import { type Simulation, simulateRelease } from '../actions/simulate-release.ts';
import { resumeLine, stopLine } from '../actions/stop-line.ts';
import { stamp } from '../domain/stamp.ts';
import type { Router } from './route.ts';

export function gateRoutes(route: Router): void {
  route.serve('simulateRelease', {
    act: ({ context, who, input }) => simulateRelease(context, who, input),
    present: presentSimulation,
  });
  verificationRoutes(route);
  approvalRoutes(route);
  overrideRoutes(route);
  lineRoutes(route);
  route.serve('showReadiness', {
    act: ({ context, input }) => showReadiness(context, input.system),
    present: (lines) => ({ items: [...lines] }),
  });
  route.serve('signReadiness', {
    act: ({ context, who, input }) => signReadiness(context, who, input),
    present: (lines) => ({ items: [...lines] }),
  });
  route.serve('addTraffic', { act: ({ context, input }) => addTraffic(context, input), present: (sum) => sum });
}

function verificationRoutes(route: Router): void {
  route.serve('listVerifications', {
    act: async ({ context, input }) => ({ named: input, found: await listVerifications(context, input) }),
    present: ({ named: { component, version }, found }) => ({
      items: found.map(({ environment, deploymentId, verifiedAt, revoked }) => ({
        component,
        version,
        environment,
        deploymentId,
        verifiedAt,
        revoked,
      })),
    }),
  });
  route.serve('revokeVerification', {
    act: ({ context, who, input }) => revokeVerification(context, who, input),
    present: (environments) => ({ environments: [...environments] }),
  });
}

function approvalRoutes(route: Router): void {
  route.serve('listApprovals', {
    act: ({ context, input }) => listApprovals(context, input),
    present: (approvals) => ({ items: approvals.map(presentApproval) }),
  });
  route.serve('requestApproval', {
    act: ({ context, who, input }) => requestApproval(context, who, input),
    status: () => 201,
    present: presentApproval,
  });
  route.serve('decideApproval', { act: ({ context, who, input }) => decideApproval(context, who, input), present: presentApproval });
}

function overrideRoutes(route: Router): void {
  route.serve('listOverrides', {
    act: ({ context, input }) => listOverrides(context, input),
    present: (overrides) => ({ items: [...overrides] }),
  });
  route.serve('requestOverride', {
    act: ({ context, who, input }) => requestOverride(context, who, input),
    status: () => 201,
    present: (override) => override,
  });
  route.serve('approveOverride', {
    act: ({ context, who, input }) => approveOverride(context, who, input.id),
    present: (override) => override,
  });
}

function lineRoutes(route: Router): void {
  route.serve('showLine', { act: ({ context }) => context.store.lineStops.current(), present: (stopped) => ({ stopped }) });
  route.serve('stopLine', {
    act: ({ context, who, input }) => stopLine(context, who, input.reason ?? 'no reason was given'),
    present: (stopped) => ({ stopped }),
  });
  route.serve('resumeLine', { act: ({ context, who }) => resumeLine(context, who), present: (stopped) => ({ stopped }) });
}

function presentApproval(approval: Approval): ApprovalView {
  return { ...approval, decisions: [...approval.decisions] };
}

function presentSimulation(simulation: Simulation): SimulationView {
  const stages = simulation.stages.map(({ environment, earliest, needs, verdicts }) => ({
    ...{ environment, earliest: earliest === null ? null : stamp(earliest), needs: [...needs], verdicts: [...verdicts] },
  }));
  return { ...simulation, stages };
}
