/** The way back from what this deployment installed, as long as that is what runs there. */

import type { DeploymentView } from '@beluga/contract/api-schema';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { componentQuery } from '../../queries.ts';
import { RollbackDialog } from '../component/rollback-dialog.tsx';
import { BackAction } from '../component/stage-actions.tsx';

export function GoBack({ deployment: { id, component, environment } }: { readonly deployment: DeploymentView }) {
  const [asked, setAsked] = useState(false);
  const stage = useQuery(componentQuery(component)).data?.stages.find((one) => one.environment === environment);
  if (stage?.current?.deployment !== id) return null;
  return (
    <>
      <BackAction stage={stage} ask={() => setAsked(true)} />
      {asked ? <RollbackDialog component={component} stage={stage} close={() => setAsked(false)} /> : null}
    </>
  );
}
