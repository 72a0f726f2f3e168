import type { ModelDirectoryWire, ModelVersionWire } from '#registry/wire.ts';
import { useQuery } from '@tanstack/react-query';
import { Badge } from '../ui/badge.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { KeyValues } from '../ui/key-values.tsx';
import { Section } from '../ui/page-header.tsx';
import { QueryView } from '../ui/query-view.tsx';
import { Bytes, Missing, RelativeTime } from '../ui/values.tsx';
import { DirectoryFiles } from './directory-files.tsx';
import styles from './model-directory.module.css';
import { InputExample } from './input-example.tsx';
import { directoryQuery, type VersionAddress } from './model-queries.ts';
import { SchemaTable } from './schema-table.tsx';

/** What the MLmodel file of a version says: how it is loaded, what it takes and gives, what it needs. */
export function ModelDirectory({ of, version }: { readonly of: VersionAddress; readonly version: ModelVersionWire }) {
  const query = useQuery(directoryQuery(of));
  return (
    <QueryView query={query} failure="The model directory could not be read">
      {({ directory }) =>
        directory === undefined ? (
          <EmptyState title="No model directory">
            This version has no MLmodel file. Models that are logged with <code>mlflow.&lt;library&gt;.log_model</code> have one.
          </EmptyState>
        ) : (
          <Whole of={of} version={version} directory={directory} />
        )
      }
    </QueryView>
  );
}

interface Shown {
  readonly of: VersionAddress;
  readonly version: ModelVersionWire;
  readonly directory: ModelDirectoryWire;
}

function Whole({ of, version, directory }: Shown) {
  return (
    <div className={styles['directory']}>
      <div className={styles['facts']}>
        <KeyValues items={loadingOf(directory)} />
        <KeyValues items={savingOf(directory)} />
      </div>
      <Section title="Schema">
        <SchemaTable schema={directory.schema} />
      </Section>
      <div className={styles['halves']}>
        <Section title="Requirements">
          <Requirements directory={directory} />
        </Section>
        <Section title="Files">
          <DirectoryFiles of={of} version={version} directory={directory} />
        </Section>
      </div>
      {directory.inputExample !== undefined && (
        <Section title="Input example">
          <InputExample of={of} version={version} directory={directory} />
        </Section>
      )}
    </div>
  );
}

function loadingOf({ flavors, pythonFunction, environment, environmentVariables }: ModelDirectoryWire) {
  return [
    {
      key: 'Flavours',
      value: (
        <span className={styles['marks']}>
          {flavors.map(({ name, version }) => (
            <Badge key={name}>{version === undefined ? name : `${name} ${version}`}</Badge>
          ))}
          {flavors.length === 0 && <Missing why="the model lives elsewhere" />}
        </span>
      ),
    },
    { key: 'Loaded by', value: codeOr(pythonFunction?.loaderModule, 'it has no python_function flavour') },
    { key: 'Predicts with', value: codeOr(pythonFunction?.predictFunction, 'the loader decides') },
    { key: 'Python', value: environment.python ?? <Missing why="the file does not say" /> },
    ...(environmentVariables.length === 0 ? [] : [{ key: 'Variables it reads', value: <code>{environmentVariables.join(' ')}</code> }]),
  ];
}

function savingOf({ mlflowVersion, createdAt, sizeBytes, modelId, metadata, prompts }: ModelDirectoryWire) {
  return [
    { key: 'Saved', value: createdAt === undefined ? <Missing why="the file does not say" /> : <RelativeTime time={createdAt} /> },
    { key: 'By MLflow', value: mlflowVersion ?? <Missing why="the file does not say" /> },
    { key: 'Size', value: sizeBytes === undefined ? <Missing why="the file does not say" /> : <Bytes bytes={sizeBytes} /> },
    ...(modelId === undefined ? [] : [{ key: 'Logged model', value: <code>{modelId}</code> }]),
    ...(prompts.length === 0 ? [] : [{ key: 'Prompts', value: prompts.join(', ') }]),
    ...Object.entries(metadata ?? {}).map(([key, value]) => ({ key, value })),
  ];
}

function codeOr(text: string | undefined, why: string) {
  return text === undefined ? <Missing why={why} /> : <code>{text}</code>;
}

function Requirements({ directory }: { readonly directory: ModelDirectoryWire }) {
  const { requirements, files } = directory.environment;
  if (requirements.length === 0) return <p className={styles['muted']}>The directory names no packages.</p>;
  return (
    <>
      <ul className={styles['packages']}>
        {requirements.map((line) => (
          <li key={line}>
            <code>{line}</code>
          </li>
        ))}
      </ul>
      <p className={styles['muted']}>From {files.map(({ file }) => file).join(', ')}.</p>
    </>
  );
}
