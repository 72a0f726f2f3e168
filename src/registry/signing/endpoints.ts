import { z } from 'zod';
import { type Endpoint, endpoint } from '#kernel/http/index.ts';
import { signatureFile } from './model.ts';
import type { Signatures } from './signatures.ts';
import { signingKeyShape, verificationShape, wireKey, wireVerification } from './wire.ts';

const base = '/api/v1/projects/{project}/models/{model}/versions/{version}';
const ofVersion = z.object({ project: z.string(), model: z.string(), version: z.string() });

export function signingEndpoints(signatures: Signatures): Endpoint[] {
  return [...versionEndpoints(signatures), ...keyEndpoints(signatures)];
}

function versionEndpoints(signatures: Signatures): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: `${base}/signature`,
      id: 'registry.get-signature',
      action: 'models:read',
      summary: 'Whether the signature of a version holds, by what is recorded of its files',
      params: ofVersion,
      result: verificationShape,
      handle: async ({ params }) => wireVerification(await signatures.verify({ ...params, bytes: false })),
    }),
    endpoint({
      method: 'post',
      path: `${base}/signature/verify`,
      id: 'registry.verify-signature',
      action: 'models:read',
      summary: 'Verifies a version against its signature; the stored bytes of every file are hashed again',
      params: ofVersion,
      result: verificationShape,
      handle: async ({ params }) => wireVerification(await signatures.verify({ ...params, bytes: true })),
    }),
    endpoint({
      method: 'get',
      path: `${base}/${signatureFile}`,
      id: 'registry.get-signature-bundle',
      action: 'models:read',
      summary: 'The signature as a sigstore bundle, as the model_signing tool reads it',
      params: ofVersion,
      rawResult: 'application/vnd.dev.sigstore.bundle.v0.3+json',
      async handle({ params }) {
        const headers = {
          'content-type': 'application/vnd.dev.sigstore.bundle.v0.3+json',
          'content-disposition': `attachment; filename="${signatureFile}"`,
        };
        return new Response(await signatures.bundle(params), { headers });
      },
    }),
  ];
}

function keyEndpoints(signatures: Signatures): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/api/v1/signing-keys',
      id: 'registry.list-signing-keys',
      // Whoever got a model from here must be able to verify it.
      action: 'public',
      summary: 'Public keys with which model versions were signed, newest first',
      result: z.object({ items: z.array(signingKeyShape) }),
      async handle() {
        const { current, keys } = await signatures.signingKeys();
        return { items: keys.map((key) => wireKey(key, current.id)) };
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/v1/signing-keys/{key}',
      id: 'registry.get-signing-key',
      action: 'public',
      summary: 'A public key as PEM, by id or `current`',
      params: z.object({ key: z.string() }),
      rawResult: 'application/x-pem-file',
      async handle({ params }) {
        const { pem } = await signatures.signingKey(params.key);
        return new Response(pem, {
          headers: { 'content-type': 'application/x-pem-file', 'content-disposition': 'attachment; filename="key.pub"' },
        });
      },
    }),
    endpoint({
      method: 'post',
      path: '/api/v1/signing-keys/rotate',
      id: 'registry.rotate-signing-key',
      action: 'signing-keys:write',
      summary: 'Makes a new signing key; what the old one signed stays valid',
      result: signingKeyShape,
      status: 201,
      async handle({ caller }) {
        const key = await signatures.rotateSigningKey({ actor: caller.actor });
        return wireKey(key, key.id);
      },
    }),
  ];
}
