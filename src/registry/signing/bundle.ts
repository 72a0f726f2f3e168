import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { readStatement, toStatement } from './manifest.ts';
import type { SignedManifest, SigningKeyId } from './model.ts';

/** Sigstore bundles (v0.3) around a DSSE envelope, made with an elliptic curve key: no certificate, no transparency log. */
const mediaType = 'application/vnd.dev.sigstore.bundle.v0.3+json';
const payloadType = 'application/vnd.in-toto+json';

/** ECDSA hashes that belong to the curves. */
const hashOfCurve: Readonly<Record<string, string>> = { prime256v1: 'sha256', secp384r1: 'sha384', secp521r1: 'sha512' };

export function keyIdOf(publicPem: string): SigningKeyId {
  return createHash('sha256').update(publicPem).digest('hex') as SigningKeyId;
}

export function publicPemOf(key: KeyObject): string {
  return (key.type === 'public' ? key : createPublicKey(key)).export({ type: 'spki', format: 'pem' });
}

/** JSON text of the bundle. */
export function signManifest(privateKey: KeyObject, manifest: SignedManifest): string {
  const payload = Buffer.from(toStatement(manifest));
  const sig = sign(hashOf(privateKey), preAuthentication(payload), privateKey).toString('base64');
  return JSON.stringify({
    mediaType,
    verificationMaterial: { publicKey: { hint: keyIdOf(publicPemOf(privateKey)) }, tlogEntries: [] },
    dsseEnvelope: { payload: payload.toString('base64'), payloadType, signatures: [{ sig, keyid: '' }] },
  });
}

/** The manifest of a bundle whose signature holds. @throws Error with the reason in plain words */
export function openBundle(bundle: string, publicPem: string): SignedManifest {
  const { payload, signature, hint } = readBundle(bundle);
  const key = createPublicKey(publicPem);
  // The id is of the text as tools write it, not of the text as it was handed over.
  const id = keyIdOf(publicPemOf(key));
  if (hint !== undefined && hint !== id) throw new Error(`it was made with the key ${hint.slice(0, 16)}…, not with ${id.slice(0, 16)}…`);
  if (!verify(hashOf(key), preAuthentication(payload), key, signature)) throw new Error('its signature does not hold');
  return readStatement(payload.toString('utf8'));
}

/** The key that a bundle says it was made with; undefined when it does not say. @throws Error with the reason in plain words */
export function bundleKey(bundle: string): string | undefined {
  return readBundle(bundle).hint;
}

function readBundle(text: string): { payload: Buffer; signature: Buffer; hint: string | undefined } {
  // Every member is looked at before it is used.
  const bundle = JSON.parse(text) as {
    mediaType?: unknown;
    verificationMaterial?: { publicKey?: { hint?: unknown } };
    dsseEnvelope?: { payload?: unknown; payloadType?: unknown; signatures?: { sig?: unknown }[] };
  } | null;
  if (bundle?.mediaType !== mediaType) throw new Error('it is no sigstore bundle v0.3');
  const { payload, payloadType: type, signatures } = bundle.dsseEnvelope ?? {};
  if (type !== payloadType || typeof payload !== 'string') throw new Error('it holds no in-toto statement');
  const sig = Array.isArray(signatures) ? signatures[0]?.sig : undefined;
  if (typeof sig !== 'string' || signatures?.length !== 1) throw new Error('it needs exactly one signature');
  const hint = bundle.verificationMaterial?.publicKey?.hint;
  return {
    payload: Buffer.from(payload, 'base64'),
    signature: Buffer.from(sig, 'base64'),
    hint: typeof hint === 'string' && hint !== '' ? hint : undefined,
  };
}

/** What is signed in a DSSE envelope (github.com/secure-systems-lab/dsse, protocol v1). */
function preAuthentication(payload: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`DSSEv1 ${payloadType.length} ${payloadType} ${payload.length} `), payload]);
}

function hashOf(key: KeyObject): string {
  const hash = hashOfCurve[key.asymmetricKeyDetails?.namedCurve ?? ''];
  if (hash === undefined) throw new Error('the key is of no curve that model signatures use (P-256, P-384, P-521)');
  return hash;
}
