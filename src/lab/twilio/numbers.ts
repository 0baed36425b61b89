import type { Clock } from '../../contracts/clock.js';
import type { Ids } from '../../contracts/ids.js';
import type { OwnNumber } from './options.js';
import { newSid } from './sids.js';

/** What of a number can be set over REST, by its name there. */
export const NUMBER_SETTINGS = [
  ...['FriendlyName', 'VoiceUrl', 'VoiceMethod', 'VoiceFallbackUrl', 'VoiceFallbackMethod', 'StatusCallback'],
  ...['StatusCallbackMethod', 'SmsUrl', 'SmsMethod', 'SmsFallbackUrl', 'SmsFallbackMethod'],
] as const;

export interface PhoneNumber {
  readonly sid: string;
  readonly phoneNumber: string;
  readonly keywords: 'twilio' | 'application';
  readonly createdAt: number;
  /** Settings by their REST names; unset is "". */
  readonly settings: Record<string, string>;
}

export interface Numbers {
  find(phoneNumber: string): PhoneNumber | null;
  bySid(sid: string): PhoneNumber | null;
  list(): readonly PhoneNumber[];
  /** Whether texts may come from it: a number of ours, or a name. */
  isSender(from: string): boolean;
}

const SHORT_CODE = /^\d{3,6}$/;

export function createNumbers(
  owned: readonly OwnNumber[],
  senders: readonly string[],
  ids: Ids,
  clock: Clock,
): Numbers {
  const numbers = owned.map((number): PhoneNumber => {
    const { phoneNumber, voiceUrl, voiceFallbackUrl, smsUrl, smsFallbackUrl, statusCallback } = number;
    return {
      sid: newSid(ids, 'PN'),
      phoneNumber,
      keywords: number.keywords ?? (SHORT_CODE.test(phoneNumber) ? 'application' : 'twilio'),
      createdAt: clock.now(),
      settings: {
        FriendlyName: phoneNumber,
        VoiceUrl: voiceUrl ?? '',
        VoiceFallbackUrl: voiceFallbackUrl ?? '',
        SmsUrl: smsUrl ?? '',
        SmsFallbackUrl: smsFallbackUrl ?? '',
        StatusCallback: statusCallback ?? '',
      },
    };
  });
  return {
    find: (phoneNumber) => numbers.find((number) => number.phoneNumber === phoneNumber) ?? null,
    bySid: (sid) => numbers.find((number) => number.sid === sid) ?? null,
    list: () => numbers,
    isSender: (from) => senders.includes(from) || numbers.some(({ phoneNumber }) => phoneNumber === from),
  };
}

/** The country of a number, in the two letters that webhooks carry; "" where nobody knows. */
export function countryOf(phoneNumber: string): string {
  const known: readonly (readonly [string, string])[] = [
    ['+33', 'FR'],
    ['+32', 'BE'],
    ['+44', 'GB'],
    ['+1', 'US'],
  ];
  return known.find(([prefix]) => phoneNumber.startsWith(prefix))?.[1] ?? '';
}

/** A method of a setting: `POST` unless it says otherwise. */
export function methodOf(setting: string | undefined): 'GET' | 'POST' {
  return setting === 'GET' ? 'GET' : 'POST';
}
