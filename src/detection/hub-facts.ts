/** What detection must know of a hub besides its metrics. */
export interface HubFacts {
  /** `S1`, `B2`, `F1` …; an unknown one only means that there is no rate to compare with. */
  readonly sku: string;
  readonly units: number;
  /** The daily quota from ARM; `undefined` if it could not be read, and then edition and units decide. */
  readonly messagesPerDay: number | undefined;
}
