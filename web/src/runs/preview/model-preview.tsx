import { useMemo } from 'react';
import { parse } from 'yaml';
import { CommandLine } from '../../ui/command-line.tsx';
import { formatBytes } from '../../ui/format.ts';
import { type KeyValue, KeyValues } from '../../ui/key-values.tsx';
import { modelFacts, type ModelField } from './model-facts.ts';
import styles from './preview.module.css';

/** What an `MLmodel` file says of the model beside it. Read together with the parser of YAML when one is opened. */
export function ModelPreview({ text, uri }: { readonly text: string; readonly uri: string }) {
  const facts = useMemo(() => read(text), [text]);
  if (facts === undefined) return <pre className={styles['text']}>{text}</pre>;
  const rows: readonly (KeyValue | undefined)[] = [
    {
      key: 'Flavours',
      value: facts.flavors.map(({ name, version }) => (version === undefined ? name : `${name} ${version}`)).join(', ') || 'none',
    },
    facts.loader === undefined ? undefined : { key: 'Loaded by', value: <code>{facts.loader}</code> },
    facts.python === undefined ? undefined : { key: 'Python', value: facts.python },
    facts.mlflow === undefined ? undefined : { key: 'MLflow', value: facts.mlflow },
    facts.size === undefined ? undefined : { key: 'Size', value: formatBytes(facts.size) },
    facts.created === undefined ? undefined : { key: 'Created', value: facts.created },
  ];
  return (
    <div className={styles['model']}>
      <KeyValues items={rows.filter((row) => row !== undefined)} />
      <CommandLine command={`mlflow.pyfunc.load_model("${uri}")`} />
      <Fields title="Inputs" fields={facts.inputs} />
      <Fields title="Outputs" fields={facts.outputs} />
      <details>
        <summary>The file</summary>
        <pre className={styles['text']}>{text}</pre>
      </details>
    </div>
  );
}

function Fields({ title, fields }: { readonly title: string; readonly fields: readonly ModelField[] }) {
  if (fields.length === 0) return null;
  return (
    <table className={styles['table']}>
      <caption>{title}</caption>
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col">Type</th>
          <th scope="col">Needed</th>
        </tr>
      </thead>
      <tbody>
        {fields.map((field, index) => (
          <tr key={index}>
            <td>{field.name ?? `${index + 1}`}</td>
            <td>{field.type}</td>
            <td>{field.required ? 'yes' : 'no'}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function read(text: string) {
  try {
    return modelFacts(parse(text));
  } catch {
    // Shown as the text that it is.
    return undefined;
  }
}
