import { z } from 'zod';

export const projectPath = z.object({ project: z.string().min(1).max(200) });
export const deploymentPath = projectPath.extend({ deployment: z.string().min(1).max(200) });
