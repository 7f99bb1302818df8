/** One structured line: what happened, with its figures. Never a secret, never a raw body. */
export type Log = (event: string, fields: Readonly<Record<string, unknown>>) => void;

/** JSON lines on standard output; Application Insights takes them as traces. */
export const jsonLog: Log = (event, fields) => {
  console.log(JSON.stringify({ event, ...fields }));
};

/** Tells of a rule that failed for one hub: the others go on without it. */
export function tellFailedRule(log: Log, hub: string): (rule: string, error: unknown) => void {
  return (rule, error) => {
    log('rule.failed', { hub, rule, ...errorFields(error) });
  };
}

/** An error as it may stand in a log: its own words and code, and the name of what caused it. */
export function errorFields(error: unknown): Readonly<Record<string, unknown>> {
  if (!(error instanceof Error)) return { error: String(error).slice(0, 300) };
  const { code, hint, cause } = error as { code?: unknown; hint?: unknown; cause?: unknown };
  return {
    error: error.message.slice(0, 500),
    ...(typeof code === 'string' ? { code } : {}),
    ...(typeof hint === 'string' ? { hint } : {}),
    ...(cause instanceof Error ? { cause: `${cause.name}: ${cause.message}`.slice(0, 300) } : {}),
  };
}
