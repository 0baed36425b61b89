/**
 * What a telephone number tells of where it is: enough to leave people alone at night, and to tell them a time of theirs.
 * Countries with several zones have several, and are at night while one of them is.
 */
const ZONES: Readonly<Record<string, readonly string[]>> = {
  '1': ['America/New_York', 'America/Los_Angeles'],
  '27': ['Africa/Johannesburg'],
  '30': ['Europe/Athens'],
  '31': ['Europe/Amsterdam'],
  '32': ['Europe/Brussels'],
  '33': ['Europe/Paris'],
  // French numbers of overseas that are dialled behind 33.
  '33639': ['Indian/Mayotte'],
  '33690': ['America/Guadeloupe'],
  '33691': ['America/Guadeloupe'],
  '33692': ['Indian/Reunion'],
  '33693': ['Indian/Reunion'],
  '33694': ['America/Cayenne'],
  '33696': ['America/Martinique'],
  '33697': ['America/Martinique'],
  '34': ['Europe/Madrid', 'Atlantic/Canary'],
  '351': ['Europe/Lisbon', 'Atlantic/Azores'],
  '352': ['Europe/Luxembourg'],
  '353': ['Europe/Dublin'],
  '354': ['Atlantic/Reykjavik'],
  '356': ['Europe/Malta'],
  '357': ['Asia/Nicosia'],
  '358': ['Europe/Helsinki'],
  '359': ['Europe/Sofia'],
  '36': ['Europe/Budapest'],
  '370': ['Europe/Vilnius'],
  '371': ['Europe/Riga'],
  '372': ['Europe/Tallinn'],
  '376': ['Europe/Andorra'],
  '377': ['Europe/Monaco'],
  '385': ['Europe/Zagreb'],
  '386': ['Europe/Ljubljana'],
  '39': ['Europe/Rome'],
  '40': ['Europe/Bucharest'],
  '41': ['Europe/Zurich'],
  '420': ['Europe/Prague'],
  '421': ['Europe/Bratislava'],
  '43': ['Europe/Vienna'],
  '44': ['Europe/London'],
  '45': ['Europe/Copenhagen'],
  '46': ['Europe/Stockholm'],
  '47': ['Europe/Oslo'],
  '48': ['Europe/Warsaw'],
  '49': ['Europe/Berlin'],
  '508': ['America/Miquelon'],
  '590': ['America/Guadeloupe'],
  '594': ['America/Cayenne'],
  '596': ['America/Martinique'],
  '681': ['Pacific/Wallis'],
  '687': ['Pacific/Noumea'],
  '689': ['Pacific/Tahiti', 'Pacific/Gambier'],
  '212': ['Africa/Casablanca'],
  '213': ['Africa/Algiers'],
  '216': ['Africa/Tunis'],
  '221': ['Africa/Dakar'],
  '225': ['Africa/Abidjan'],
  '262': ['Indian/Reunion'],
  '262269': ['Indian/Mayotte'],
  '262639': ['Indian/Mayotte'],
};
const PREFIX_MAX = 6;
/** Where the house is at home: numbers of countries that are not in the table. */
const AT_HOME = ['Europe/Paris'];

/** The time zones that a number in E.164 may be in. */
export function zonesOf(number: string): readonly string[] {
  for (let length = PREFIX_MAX; length > 0; length -= 1) {
    const zones = ZONES[number.slice(1, 1 + length)];
    if (zones !== undefined) return zones;
  }
  return AT_HOME;
}

/** Calls that nobody asked for are placed from 8:00 to 20:00, and never on a Sunday. */
const DAY_BEGINS = 8;
const DAY_ENDS = 20;
const SUNDAY = 'Sun';
const QUARTER_MS = 15 * 60_000;
/** A night, a Sunday and a night more. */
const QUARTERS_MAX = 4 * 24 * 3;

/** When somebody may be called who did not ask for it: `now`, or the next full quarter of an hour of their day. */
export function callableAt(number: string, now: number): number {
  const zones = zonesOf(number);
  let at = now;
  for (let tries = 0; tries < QUARTERS_MAX && zones.some((zone) => isQuiet(zone, at)); tries += 1) {
    at = (Math.floor(at / QUARTER_MS) + 1) * QUARTER_MS;
  }
  return at;
}

function isQuiet(zone: string, at: number): boolean {
  const { weekday, hour } = partsOf(zone, at);
  return weekday === SUNDAY || hour < DAY_BEGINS || hour >= DAY_ENDS;
}

/** `14:32` where the number is. */
export function clockTimeAt(number: string, at: number): string {
  const { hour, minute } = partsOf(zonesOf(number)[0] ?? 'UTC', at);
  return [hour, minute].map((part) => String(part).padStart(2, '0')).join(':');
}

/** `25/11` where the number is. */
export function dayAt(number: string, at: number): string {
  const { day, month } = partsOf(zonesOf(number)[0] ?? 'UTC', at);
  return [day, month].map((part) => String(part).padStart(2, '0')).join('/');
}

function partsOf(zone: string, at: number) {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    weekday: 'short',
    day: 'numeric',
    month: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    hourCycle: 'h23',
  });
  const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]));
  const number = (name: 'day' | 'month' | 'hour' | 'minute'): number => Number(parts.get(name));
  return {
    weekday: parts.get('weekday'),
    day: number('day'),
    month: number('month'),
    hour: number('hour'),
    minute: number('minute'),
  };
}

/** French numbers begin with 6 or 7 where they take texts; of other countries' nobody can tell. */
export function mayTakeTexts(number: string): boolean {
  return !/^\+33[1-589]/.test(number);
}
