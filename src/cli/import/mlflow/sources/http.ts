import type { SourceOptions } from '../open-source.ts';
import type { Source } from '../source.ts';
import { importErrors } from '../errors.ts';

export function openHttpSource(named: string, _options: SourceOptions): Promise<Source> {
  throw importErrors['import-source-unknown']({ source: named, problem: 'servers are not read yet' });
}
