import type { Devices } from '../../twilio/devices.js';

/** The simulator behind the devices, by its address and the account that opens it. */
export interface Telephone {
  readonly url: string;
  readonly accountSid: string;
  readonly authToken: string;
  /** Whose devices are shown first. */
  readonly holder: string;
}

export const DEVICE_ACTIONS = ['dial', 'press', 'pick-up', 'hang-up', 'text'] as const;
export type DeviceAction = (typeof DEVICE_ACTIONS)[number];

export interface DeviceSource {
  look(number: string): Promise<Devices>;
  /** False when there is nothing to be done, as a key that nobody waits for. */
  act(action: DeviceAction, fields: Readonly<Record<string, string>>): Promise<boolean>;
}

const PATIENCE_MS = 3_000;

export function createDeviceSource({ url, accountSid, authToken }: Telephone): DeviceSource {
  const login = Buffer.from(`${accountSid}:${authToken}`).toString('base64');

  async function ask<T>(path: string, init: RequestInit = {}): Promise<T> {
    const headers = { authorization: `Basic ${login}` };
    const answer = await fetch(`${url}/devices/${path}`, {
      ...init,
      headers,
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    if (!answer.ok) throw new Error(`the simulator answered ${answer.status}`);
    return (await answer.json()) as T;
  }

  return {
    look: (number) => ask<Devices>(`state?${new URLSearchParams({ number })}`),
    async act(action, fields) {
      const { done } = await ask<{ done: boolean }>(action, { method: 'POST', body: new URLSearchParams(fields) });
      return done;
    },
  };
}
