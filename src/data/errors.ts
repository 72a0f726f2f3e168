import { defineErrors } from '#kernel/errors.ts';

export const dataErrors = defineErrors('data', {
  'dataset-not-found': {
    kind: 'not-found',
    message: (input: { readonly project: string; readonly dataset: string }) =>
      `Project "${input.project}" has no dataset "${input.dataset}".`,
    hint: (input: { readonly project: string }) => `See what there is with: ripen data list --project ${input.project}`,
  },
  'dataset-exists': {
    kind: 'conflict',
    message: (input: { readonly project: string; readonly dataset: string }) =>
      `Project "${input.project}" already has a dataset "${input.dataset}".`,
    hint: () => 'Load into it, change its catalogue entry, or choose another name.',
  },
  'dataset-name-invalid': {
    kind: 'input',
    message: (input: { readonly dataset: string }) => `"${input.dataset}" cannot be the name of a dataset.`,
    hint: () => 'Use 1 to 100 lower-case letters, digits, dashes and underscores, beginning with a letter.',
  },
  'snapshot-not-found': {
    kind: 'not-found',
    message: (input: { readonly dataset: string; readonly snapshot: number | undefined }) =>
      input.snapshot === undefined
        ? `Dataset "${input.dataset}" has no snapshot yet.`
        : `Dataset "${input.dataset}" has no snapshot ${input.snapshot}.`,
    hint: (input: { readonly dataset: string }) => `Load a file first: ripen data load ${input.dataset} <file>`,
  },
  'reference-invalid': {
    kind: 'input',
    message: (input: { readonly reference: string }) => `"${input.reference}" does not name a dataset.`,
    hint: () => 'Write dataset:flights for the newest snapshot or dataset:flights@4 for one snapshot.',
  },
  'quarantine-not-found': {
    kind: 'not-found',
    message: (input: { readonly dataset: string; readonly quarantine: string }) =>
      `Dataset "${input.dataset}" has no quarantined load "${input.quarantine}".`,
  },
  'contract-broken': {
    kind: 'input',
    message: (input: {
      readonly dataset: string;
      readonly file: string;
      readonly failed: readonly string[];
      readonly quarantine: string;
    }) => `"${input.file}" breaks the contract of dataset "${input.dataset}" and was not published: ${input.failed.join('; ')}.`,
    hint: (input: { readonly quarantine: string }) =>
      `The file and sample rows are kept in quarantine ${input.quarantine}. Correct the file and load it again.`,
  },
  'contract-invalid': {
    kind: 'input',
    message: (input: { readonly file: string; readonly problems: readonly string[] }) =>
      `The contract ${input.file} cannot be used: ${input.problems.join('; ')}.`,
    hint: () => 'Correct the lines named above.',
  },
  'schema-changed': {
    kind: 'conflict',
    message: (input: { readonly dataset: string; readonly changes: readonly string[] }) =>
      `The file does not fit the earlier rows of dataset "${input.dataset}": ${input.changes.join('; ')}.`,
    hint: () => 'Correct the file, or load it with mode "replace" to start anew with the changed columns.',
  },
  'contract-not-found': {
    kind: 'not-found',
    message: (input: { readonly contract: string }) => `There is no contract "${input.contract}".`,
    hint: () => 'Send the contract first; the answer names its digest. Or use contract=latest or contract=none.',
  },
  'file-empty': {
    kind: 'input',
    message: (input: { readonly file: string }) => `"${input.file}" is empty.`,
    hint: () => 'Check the export that wrote it.',
  },
  'file-no-rows': {
    kind: 'input',
    message: (input: { readonly file: string }) => `"${input.file}" has columns but not a single row.`,
    hint: () => 'Check the filter of the export that wrote it.',
  },
  'file-not-found': {
    kind: 'not-found',
    message: (input: { readonly file: string }) => `There is no readable file "${input.file}".`,
  },
  'file-corrupt': {
    kind: 'input',
    message: (input: { readonly file: string; readonly format: string; readonly reason: string }) =>
      `"${input.file}" is not a sound ${input.format} file: ${input.reason}`,
    hint: () => 'It may have been cut off on its way; copy or export it again.',
  },
  'file-rows-ragged': {
    kind: 'input',
    message: (input: { readonly file: string; readonly line: number; readonly expected: number; readonly found: number }) =>
      `"${input.file}" line ${input.line} has ${input.found} fields where the header has ${input.expected}.`,
    hint: () => 'Put fields that hold the delimiter or a line break in double quotes.',
  },
  'file-encoding': {
    kind: 'input',
    message: (input: { readonly file: string; readonly line: number | undefined }) =>
      `"${input.file}" is not UTF-8 text${input.line === undefined ? '' : ` (first seen in line ${input.line})`}.`,
    hint: () => 'Convert it, for example with: iconv -f ISO-8859-1 -t UTF-8 old.csv > new.csv',
  },
  'file-header-missing': {
    kind: 'input',
    message: (input: { readonly file: string; readonly reason: string }) =>
      `"${input.file}" has no line with column names: ${input.reason}.`,
    hint: () => 'Write the column names into the first line.',
  },
  'file-columns-repeated': {
    kind: 'input',
    message: (input: { readonly file: string; readonly columns: readonly string[] }) =>
      `"${input.file}" has columns whose names are the same but for upper and lower case: ${input.columns.join(', ')}.`,
    hint: () => 'Give each column its own name.',
  },
  'file-format-unknown': {
    kind: 'input',
    message: (input: { readonly file: string }) => `Ripen cannot tell the format of "${input.file}".`,
    hint: () => 'Name it: parquet, csv or jsonl.',
  },
});
