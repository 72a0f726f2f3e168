import { createRequire } from 'node:module';
import type * as Cedar from '@cedar-policy/cedar-wasm/nodejs';
import type { AuthorizationAnswer, CedarValueJson, CheckParseAnswer } from '@cedar-policy/cedar-wasm/nodejs';
import { type Decision, policyErrors } from './model.ts';
import { policies, schema } from './policies.ts';

export interface Question {
  readonly principal: {
    readonly type: 'Person' | 'Service' | 'System';
    readonly id: string;
    readonly attributes: Record<string, CedarValueJson>;
  };
  readonly action: 'read' | 'write' | 'agent' | 'release';
  readonly resource: { readonly type: 'Server' | 'Project'; readonly id: string };
  readonly context: Record<string, CedarValueJson>;
}

const name = 'ripen';

/**
 * Cedar with the built-in policies, parsed and validated once.
 * Cedar skips a policy whose condition fails to evaluate, which would let a `forbid` fail open; so requests are validated
 * against the schema and any error is a denial.
 * @throws `policy.invalid-policies`
 */
export function createEngine(): (question: Question) => Decision {
  const cedar = createRequire(import.meta.url)('@cedar-policy/cedar-wasm/nodejs') as typeof Cedar;
  demand(cedar.preparseSchema(name, schema));
  demand(cedar.preparsePolicySet(name, { staticPolicies: { ...policies } }));
  const validation = cedar.validate({ schema, policies: { staticPolicies: { ...policies } }, validationSettings: { mode: 'strict' } });
  const problems =
    validation.type === 'success'
      ? validation.validationErrors.map((each) => each.error.message)
      : validation.errors.map((error) => error.message);
  if (problems.length > 0) throw policyErrors['invalid-policies']({ problem: problems.join('; ') });
  return ({ principal, action, resource, context }) =>
    decisionOf(
      cedar.statefulIsAuthorized({
        principal: { type: principal.type, id: principal.id },
        action: { type: 'Action', id: action },
        resource,
        context,
        preparsedSchemaName: name,
        validateRequest: true,
        preparsedPolicySetId: name,
        entities: [
          { uid: { type: principal.type, id: principal.id }, attrs: principal.attributes, parents: [] },
          { uid: resource, attrs: {}, parents: [] },
        ],
      }),
    );
}

function decisionOf(answer: AuthorizationAnswer): Decision {
  if (answer.type === 'failure') return { allowed: false, reasons: [], errors: answer.errors.map((error) => error.message) };
  const { decision, diagnostics } = answer.response;
  const errors = diagnostics.errors.map((each) => `${each.policyId}: ${each.error.message}`);
  return { allowed: decision === 'allow' && errors.length === 0, reasons: [...diagnostics.reason].sort(), errors };
}

function demand(answer: CheckParseAnswer): void {
  if (answer.type === 'failure')
    throw policyErrors['invalid-policies']({ problem: answer.errors.map((error) => error.message).join('; ') });
}
