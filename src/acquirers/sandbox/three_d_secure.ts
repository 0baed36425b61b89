import { createHash } from 'node:crypto';
import { signatureOf } from './protocol.js';

/**
 * Messages of EMV 3-D Secure 2.2 (EMVCo Protocol and Core Functions Specification), browser channel, with the fields
 * that the sandbox uses. Names are the specification's own.
 */
export const MESSAGE_VERSION = '2.2.0';

/** transStatus. */
export const TRANSACTION_STATUSES = ['Y', 'A', 'C', 'N', 'U', 'R'] as const;
export type TransactionStatus = (typeof TRANSACTION_STATUSES)[number];

/** Which card ranges take which version, and where the issuer's device check is: what a PRes would have told. */
export interface VersionsAnswer {
  readonly supportedVersions: readonly string[];
  readonly threeDSMethodURL: string | null;
}

export interface AuthenticationRequest {
  readonly messageType: 'AReq';
  readonly messageVersion: string;
  /** 02: browser. */
  readonly deviceChannel: '02';
  /** 01: payment. */
  readonly messageCategory: '01';
  readonly threeDSServerTransID: string;
  /** Where the directory server sends the RReq. */
  readonly threeDSServerURL: string;
  /** Where the browser is sent back after a challenge. */
  readonly notificationURL: string;
  readonly threeDSCompInd: 'Y' | 'N' | 'U';
  /** Card number, or the sandbox's own token for it. */
  readonly acctNumber: string;
  /** YYMM. */
  readonly cardExpiryDate?: string;
  readonly purchaseAmount: string;
  /** ISO 4217 alphabetic code: the one departure from the specification, which has the numeric code. */
  readonly purchaseCurrency: string;
  readonly acquirerMerchantID: string;
  readonly merchantName: string;
  readonly browserAcceptHeader: string;
  readonly browserUserAgent: string;
  readonly browserIP?: string;
  readonly browserLanguage?: string;
  readonly browserJavascriptEnabled: boolean;
  readonly browserJavaEnabled: boolean;
  readonly browserColorDepth?: string;
  readonly browserScreenHeight?: string;
  readonly browserScreenWidth?: string;
  readonly browserTZ?: string;
  /** Our name of the authentication, handed back in the result. */
  readonly messageExtension: readonly Extension[];
}

export interface AuthenticationResponse {
  readonly messageType: 'ARes';
  readonly messageVersion: string;
  readonly threeDSServerTransID: string;
  readonly dsTransID: string;
  readonly acsTransID: string;
  readonly transStatus: TransactionStatus;
  readonly eci: string | null;
  readonly authenticationValue: string | null;
  /** With transStatus C: where the browser posts its CReq. */
  readonly acsURL?: string;
}

export interface ChallengeRequest {
  readonly messageType: 'CReq';
  readonly messageVersion: string;
  readonly threeDSServerTransID: string;
  readonly acsTransID: string;
  /** 05: the whole window. */
  readonly challengeWindowSize: '05';
}

export interface ChallengeResponse {
  readonly messageType: 'CRes';
  readonly messageVersion: string;
  readonly threeDSServerTransID: string;
  readonly acsTransID: string;
  readonly challengeCompletionInd: 'Y';
  readonly transStatus: 'Y' | 'N';
}

export interface ResultRequest {
  readonly messageType: 'RReq';
  readonly messageVersion: string;
  readonly messageCategory: '01';
  readonly threeDSServerTransID: string;
  readonly dsTransID: string;
  readonly acsTransID: string;
  readonly transStatus: TransactionStatus;
  readonly eci: string | null;
  readonly authenticationValue: string | null;
  readonly messageExtension: readonly Extension[];
}

export interface Extension {
  readonly name: typeof EXTENSION_NAME;
  readonly id: typeof EXTENSION_ID;
  readonly criticalityIndicator: false;
  readonly data: { readonly reference: string; readonly signature?: string };
}

const EXTENSION_NAME = 'requestorReference';
const EXTENSION_ID = 'sandbox-001';

/** Carries our own identity of the authentication, and in a result the signature over it all. */
export function extensionOf(reference: string, signature?: string): Extension {
  return {
    name: EXTENSION_NAME,
    id: EXTENSION_ID,
    criticalityIndicator: false,
    data: signature === undefined ? { reference } : { reference, signature },
  };
}

/**
 * The transaction id of an authentication: a UUID made of its hash (RFC 9562, version 8), so that every repeat and
 * every inquiry has the same without anything being kept.
 */
export function transactionOf(authentication: string): string {
  return uuidOf(createHash('sha256').update(authentication).digest());
}

/** A UUID of version 8 (bits of our own choosing) from the first sixteen bytes. */
export function uuidOf(bytes: Uint8Array): string {
  const own = Buffer.from(bytes.subarray(0, 16));
  own.writeUInt8((own.readUInt8(6) & 0x0f) | 0x80, 6);
  own.writeUInt8((own.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = own.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/**
 * Signs a result, for anybody on the network could post one: over every field that decides, as one JSON array, so
 * that no value can pass for two.
 */
export function resultSignature(
  credential: string,
  result: Omit<ResultRequest, 'messageType' | 'messageVersion' | 'messageCategory' | 'messageExtension'>,
  reference: string,
): string {
  const fields = [
    result.threeDSServerTransID,
    result.dsTransID,
    result.acsTransID,
    result.transStatus,
    result.eci,
    result.authenticationValue,
    reference,
  ];
  return signatureOf(credential, 'authentication_result', JSON.stringify(fields));
}

/** Base64url of a JSON message, as CReq, CRes and threeDSMethodData travel through the browser. */
export function throughBrowser(message: object): string {
  return Buffer.from(JSON.stringify(message), 'utf8').toString('base64url');
}

/** Reads what `throughBrowser` made; null for anything else. */
export function fromBrowser(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch {
    return null;
  }
}
