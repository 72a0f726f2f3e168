import { z } from 'zod';
import { nearestName } from '#kernel/nearest-name.ts';
import { deliveryErrors } from './errors.ts';
import { gateDeclaration, gateKeys, sliceKeys } from './gates/gate-declaration.ts';
import type { GateRules } from './gates/gate-rules.ts';
import type { ApprovalRules } from './model.ts';

/** The keys of `deployments.<name>` that delivery reads. */
export interface DeliverySpec {
  readonly gates: GateRules;
  readonly approvals: ApprovalRules;
  /** `automatic`: a version that a trigger trained is released without being asked. */
  readonly release: 'manual' | 'automatic';
}

const needed = z.int().min(0).max(20);
const approvalMap = z.strictObject({ needed, author_may_approve: z.boolean().default(false) });

// Not strict: the other keys belong to other modules, and the one that reads the model finds the unknown ones.
const section = z.object({
  gates: gateDeclaration.prefault({}),
  approvals: z
    .union([needed, approvalMap])
    .default(0)
    .transform((declared): ApprovalRules =>
      typeof declared === 'number'
        ? { needed: declared, authorMayApprove: false }
        : { needed: declared.needed, authorMayApprove: declared.author_may_approve },
    ),
  release: z.enum(['manual', 'automatic']).default('manual'),
});

/**
 * Reads what delivery needs of one entry of `deployments:`.
 * @throws `delivery.section-invalid` with the path of every problem and, for an unknown key, the nearest right one
 */
export function parseDeliverySection(deployment: string, entry: unknown): DeliverySpec {
  const parsed = section.safeParse(entry);
  if (!parsed.success)
    throw deliveryErrors['section-invalid']({ deployment, problems: parsed.error.issues.flatMap((issue) => problemsOf(issue)) });
  return parsed.data;
}

interface Problem {
  readonly path: string;
  readonly problem: string;
}

function problemsOf(issue: z.core.$ZodIssue, above: readonly PropertyKey[] = []): readonly Problem[] {
  const path = [...above, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const near = nearestName(key, keysAt(path));
      const way = near === undefined ? `known here are ${keysAt(path).join(', ')}` : `did you mean "${near}"?`;
      return { path: [...path, key].join('.'), problem: `there is no such key; ${way}` };
    });
  }
  // Of the ways to write it, the one that was meant is a map when a map was written.
  const meant = issue.code === 'invalid_union' ? issue.errors.find((issues) => issues.every((one) => !isOtherKind(one))) : undefined;
  if (meant !== undefined) return meant.flatMap((inner) => problemsOf(inner, path));
  return [{ path: path.join('.'), problem: issue.message }];
}

function isOtherKind(issue: z.core.$ZodIssue): boolean {
  return issue.path.length === 0 && (issue.code === 'invalid_type' || issue.code === 'invalid_value');
}

function keysAt([first, second]: readonly PropertyKey[]): readonly string[] {
  if (first === 'gates') return second === 'slices' ? sliceKeys : gateKeys;
  return first === 'approvals' ? Object.keys(approvalMap.shape) : [];
}
