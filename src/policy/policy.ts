import { type Principal } from '#identity/index.ts';
import { createEngine, type Question } from './engine.ts';
import { type Decision, type GateFacts, policyErrors } from './model.ts';
import { rememberDecisions } from './remember-decisions.ts';

export interface Policy {
  /**
   * May they do `action` (`runs:write`: a noun and `read`, `write` or `agent`) in that project, or on the whole server?
   * @throws `policy.not-allowed`
   */
  authorize(principal: Principal, action: string, resource: { readonly project: string | undefined }): void;
  /** May a release pass into the environment, given what the gate's checks found? Fails closed. */
  decideGate(principal: Principal, project: string, facts: GateFacts): Decision;
}

const types = { person: 'Person', service: 'Service', system: 'System' } as const;

export function createPolicy(): Policy {
  const decide = createEngine();
  const mayDo = rememberDecisions(decide);
  return {
    authorize(principal, action, { project }) {
      const [noun = '', verb] = action.split(':');
      const resource = project === undefined ? ({ type: 'Server', id: 'ripen' } as const) : ({ type: 'Project', id: project } as const);
      const allowed =
        (verb === 'read' || verb === 'write' || verb === 'agent') &&
        mayDo({ principal: principalOf(principal), action: verb, resource, context: { noun, elsewhere: elsewhere(principal, project) } })
          .allowed;
      if (!allowed) throw policyErrors['not-allowed']({ actor: principal.actor.name, action, project });
    },
    decideGate(principal, project, facts) {
      const resource = { type: 'Project', id: project } as const;
      return decide({
        principal: principalOf(principal),
        action: 'release',
        resource,
        context: { ...facts, elsewhere: elsewhere(principal, project) },
      });
    },
  };
}

const elsewhere = (principal: Principal, project: string | undefined): boolean =>
  principal.project !== undefined && principal.project !== project;

function principalOf({ actor, scope, project, account }: Principal): Question['principal'] {
  const attributes = {
    scope,
    ...(project === undefined || actor.kind === 'system' ? {} : { project }),
    ...(account === undefined || actor.kind !== 'service' ? {} : { account }),
  };
  return { type: types[actor.kind], id: actor.id, attributes };
}
