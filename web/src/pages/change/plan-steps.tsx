/** The steps that a yes or a no is said to, and the hash that binds it to them. */
import type { ChangeView } from '@beluga/contract/change-schema';
import { Said } from '../../parts/said.tsx';

export function PlanSteps({ plan }: { readonly plan: ChangeView['facts']['plan'] }) {
  return (
    <>
      <p className="quiet">
        <code className="digest" translate="no">
          {plan.hash}
        </code>
      </p>
      <ol className="plain-list">
        {plan.steps.map((step) => (
          <li key={step}>
            <Said>{step}</Said>
          </li>
        ))}
      </ol>
    </>
  );
}
