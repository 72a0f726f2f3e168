/** The Cedar schema and the built-in policies. Policy ids are permanent: decisions name them as their reasons. */

export const schema = `
entity Server;
entity Project;
entity Person = { scope: String, project?: String };
entity Service = { scope: String, project?: String, account?: String };
entity System = { scope: String };

type Request = { noun: String, elsewhere: Bool };
type Gate = { elsewhere: Bool, environment: String, passed: Long, refused: Long, missing: Long, approvals: Long, approvalsNeeded: Long };

action read, write, agent appliesTo { principal: [Person, Service, System], resource: [Server, Project], context: Request };
action release appliesTo { principal: [Person, Service, System], resource: [Project], context: Gate };
`;

export const policies = {
  'access.owner': `permit (principal, action in [Action::"read", Action::"write"], resource) when { principal.scope == "owner" };`,
  'access.reader': `permit (principal, action == Action::"read", resource) when { principal.scope == "read" || principal.scope == "write" };`,
  'access.writer': `permit (principal, action == Action::"write", resource) when { principal.scope == "write" };`,
  'access.agent': `permit (principal is Service, action == Action::"agent", resource) when { principal.scope == "agent" };`,
  // A token for one project opens neither another one nor what belongs to the whole server.
  'access.person-elsewhere': `forbid (principal is Person, action, resource) when { principal has project && context.elsewhere };`,
  'access.service-elsewhere': `forbid (principal is Service, action, resource) when { principal has project && context.elsewhere };`,
  'access.tokens': `
    forbid (principal, action == Action::"write", resource)
    when { context.noun == "tokens" && principal.scope != "owner" };`,
  'gate.staging': `
    permit (principal, action == Action::"release", resource)
    when { context.environment == "staging" && context.refused == 0 && context.missing == 0 && context.passed > 0 };`,
  'gate.production': `
    permit (principal, action == Action::"release", resource)
    when { context.environment == "production" && context.refused == 0 && context.missing == 0 && context.passed > 0
           && context.approvals >= context.approvalsNeeded };`,
} as const;
