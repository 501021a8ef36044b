import type { DeploymentView } from '@beluga/contract';
import { cancelDeployment } from '../actions/cancel-deployment.ts';
import { countInstallations } from '../actions/count-installations.ts';
import { requestDeployment } from '../actions/request-deployment.ts';
import { rollBack } from '../actions/roll-back.ts';
import { showDeployment } from '../actions/show-deployment.ts';
import type { Deployment } from '../domain/deployment.ts';
import type { Router } from './route.ts';

export function deploymentRoutes(route: Router): void {
  route.serve('listDeployments', {
    act: ({ context, input: { ids, limit = 50, ...filter } }) =>
      context.store.views.deployments({ ...filter, ids: ids?.split(','), limit }),
    present: (deployments) => ({ items: deployments.map(presentDeployment) }),
  });
  route.serve('countInstallations', {
    act: ({ context, input }) => countInstallations(context, input),
    present: (hours) => ({ items: [...hours] }),
  });
  route.serve('showDeployment', {
    act: ({ context, input }) => showDeployment(context, input.id),
    present: ({ deployment, traffic }) => ({ ...presentDeployment(deployment), traffic }),
  });
  route.serve('requestDeployment', {
    act: ({ context, who, input }) => requestDeployment(context, who, input),
    status: () => 201,
    present: presentDeployment,
  });
  route.serve('rollBack', {
    act: ({ context, who, input }) => rollBack(context, who, input),
    status: () => 201,
    present: presentDeployment,
  });
  route.serve('cancelDeployment', {
    act: ({ context, who, input }) => cancelDeployment(context, who, input.id),
    present: presentDeployment,
  });
}

function presentDeployment(deployment: Deployment): DeploymentView {
  const { verdicts, holds, steps, log, ledger } = deployment;
  return {
    ...deployment,
    verdicts: [...verdicts],
    holds: [...holds],
    steps: [...steps],
    traffic: null,
    log: [...log],
    ledger: ledger === null ? null : { ...ledger, failures: { ...ledger.failures } },
  };
}
