import { createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import type { ModelVersionWire, SignatureVerificationWire, SigningKeyWire } from '#registry/index.ts';
import { type Client, connect } from '../client.ts';
import { type Build, describe, describeInProject, type Given } from '../command.ts';
import type { CliContext } from '../context.ts';
import { cliErrors } from '../errors.ts';
import { formatBytes, formatTime, print, printTable } from '../output.ts';
import { inProject } from '../project.ts';
import { readTextFile } from '../read-text-file.ts';
import { describeSignature } from '../render-model-directory.ts';
import { url } from '../url.ts';

const signatureFile = 'model.sig';

/** Commands about the files of a version, and whether they are what was registered. */
export const buildModelFiles: Build = (command, context) => {
  buildDownload(command, context);
  buildCheck(command, context);
  buildVerify(command, context);
  buildKeys(command, context);
};

function buildDownload(command: Command, context: CliContext): void {
  describeInProject(
    command.command('download <model> [version]').description('Write the files of a version and its signature into a folder'),
    'ripen models download flight-delay @production --to ./flight-delay',
  )
    .requiredOption('--to <directory>', 'the folder; what it holds under the same names is overwritten')
    .action(async (model: string, version: string | undefined, options: Given & { to: string }) => {
      const { client, base } = await inProject(context, options);
      const path = base + url`/models/${model}/versions/${version ?? 'latest'}`;
      const found = await client.get<ModelVersionWire>(path);
      const directory = resolve(context.directory, options.to);
      for (const { name } of found.files) await fetchFile(client, path + url`/files/${name}`, join(directory, name));
      if (found.files.length > 0) await fetchFile(client, `${path}/${signatureFile}`, join(directory, signatureFile));
      const bytes = found.files.reduce((sum, { size }) => sum + size, 0);
      const value = { model: found.model, version: found.version, directory, files: found.files.length, bytes };
      print(context, options, value, () =>
        [
          `${found.files.length} files of ${found.model} ${found.version} (${formatBytes(bytes) ?? '0 B'}) are in ${directory}.`,
          'Verify them with: ripen models verify <directory>',
        ].join('\n'),
      );
    });
}

async function fetchFile(client: Client, path: string, file: string): Promise<void> {
  const { body } = await client.raw('GET', path);
  await mkdir(dirname(file), { recursive: true });
  if (body === null) return writeFile(file, '');
  await pipeline(Readable.fromWeb(body), createWriteStream(file));
}

function buildCheck(command: Command, context: CliContext): void {
  describeInProject(
    command.command('check <model> [version]').description('Let the server hash the files of a version again and verify its signature'),
    'ripen models check flight-delay @production',
  ).action(async (model: string, version: string | undefined, options: Given) => {
    const { client, base } = await inProject(context, options);
    const path = base + url`/models/${model}/versions/${version ?? 'latest'}/signature/verify`;
    const verified = await client.post<SignatureVerificationWire>(path);
    print(context, options, verified, () => describeSignature(verified));
    if (verified.state === 'invalid')
      throw cliErrors['model-changed']({ what: `${model} ${version ?? 'latest'}`, problems: verified.problems });
  });
}

function buildVerify(command: Command, context: CliContext): void {
  describe(
    command
      .command('verify <directory>')
      .description('Verify a folder with a model against its signature; needs no server when --key is given'),
    'ripen models verify ./flight-delay --key key.pub',
  )
    .option('--signature <file>', 'the signature; model.sig in the folder unless said')
    .option('--key <file>', 'the public key as PEM; asked of the server unless said')
    .action(async (directory: string, options: Given & { signature?: string; key?: string }) => {
      const folder = resolve(context.directory, directory);
      const signature = options.signature === undefined ? join(folder, signatureFile) : resolve(context.directory, options.signature);
      const bundle = await readTextFile(signature);
      const publicPem =
        options.key === undefined
          ? await keyOf(context, { bundle, file: signature })
          : await readTextFile(resolve(context.directory, options.key));
      const { verifyDirectory } = await import('#registry/index.ts');
      const verified = await verifyDirectory(folder, { bundle, publicPem, signatureName: basename(signature) });
      print(context, options, verified, () =>
        verified.valid
          ? `${verified.model} is what was signed: ${verified.files.length} files, root ${verified.root}.`
          : `${verified.model} is not what was signed.`,
      );
      if (!verified.valid) throw cliErrors['model-changed']({ what: folder, problems: verified.problems });
    });
}

/** The public key that the signature names, of the server at hand. */
async function keyOf(context: CliContext, { bundle, file }: { bundle: string; file: string }): Promise<string> {
  const { signatureKey } = await import('#registry/index.ts');
  const response = await connect(context).raw('GET', url`/api/v1/signing-keys/${signatureKey(bundle, file) ?? 'current'}`);
  return response.text();
}

function buildKeys(command: Command, context: CliContext): void {
  describe(
    command.command('keys').description('Public keys that model versions are signed with; --rotate makes a new one'),
    'ripen models keys',
  )
    .option('--rotate', 'make a new key; what the old one signed stays valid')
    .option('--pem', 'print only the public key in use, as PEM')
    .action(async (options: Given & { rotate?: boolean; pem?: boolean }) => {
      const client = connect(context);
      if (options.rotate === true) await client.post('/api/v1/signing-keys/rotate');
      const { items } = await client.get<{ items: SigningKeyWire[] }>('/api/v1/signing-keys');
      if (options.pem === true) context.out.write(items.find(({ current }) => current)?.pem ?? '');
      else
        printTable(context, options, {
          value: { items },
          rows: items,
          columns: [
            { title: 'Key', value: ({ id }) => id },
            { title: 'In use', value: ({ current }) => (current ? 'yes' : undefined) },
            { title: 'Since (UTC)', value: ({ createdAt }) => formatTime(createdAt) },
            { title: 'Until (UTC)', value: ({ retiredAt }) => formatTime(retiredAt) },
          ],
          empty: 'There is no key yet.',
        });
    });
}
