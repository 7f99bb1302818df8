import type { z } from 'zod';
import { isOperation, operations } from '../hubs/limits.ts';
import { MINUTE, type Span } from '../time/time.ts';
import type { GaugeSettings } from './limits-of-past.ts';
import { isSwitchedOff, rulesFromTags } from './hub-tags.ts';
import { coreSignals, isCoreRule, type AnyMetricRule, type OperationRateRule, type Rule } from './rule.ts';
import {
  toMs,
  type HubSelector,
  type metricRuleSchema,
  type RuleSet,
  type RulesFile,
  type Sensitivity,
} from './rules.ts';
import { sensitivityNumbers } from './sensitivity.ts';
import { shippedMetricRules } from './shipped-rules.ts';

/** What a rules file may select hubs by. */
export interface HubLabels {
  readonly id: string;
  readonly name: string;
  readonly region: string;
  readonly tags: Readonly<Record<string, string>>;
}

export const emptyRulesFile: RulesFile = { version: 1 };

interface Layer {
  readonly sensitivity?: Sensitivity | undefined;
  readonly rules?: RuleSet | undefined;
}

/**
 * The rules in force for one hub: as shipped, then the file's, then its overrides for a region, for tags, the hub's own tags
 * (hub-tags.ts), and the overrides that name the hub; of equals the later one counts.
 */
export function rulesFor(file: RulesFile, hub: HubLabels): readonly Rule[] {
  const overrides = (file.overrides ?? [])
    .filter(({ hubs }) => selects(hubs, hub))
    .sort((a, b) => specificity(a.hubs) - specificity(b.hubs));
  const named = overrides.findIndex(({ hubs }) => hubs.hub !== undefined);
  const wide = named < 0 ? overrides : overrides.slice(0, named);
  // A hub's own tags beat what the file says of many hubs, not what it says of this one.
  const layers: readonly Layer[] = [file, ...wide, rulesFromTags(hub.tags), ...overrides.slice(wide.length)];
  const sensitivity = layers.findLast((layer) => layer.sensitivity !== undefined)?.sensitivity ?? 'medium';
  const merged = <Name extends keyof RuleSet>(name: Name): NonNullable<RuleSet[Name]> =>
    Object.assign({}, ...layers.map((layer) => layer.rules?.[name])) as NonNullable<RuleSet[Name]>;

  const devices = merged('connected-devices');
  const throttling = merged('throttling');
  const quota = merged('quota');
  const telemetry = merged('telemetry');
  const noData = merged('no-data');
  const rules: Rule[] = [];
  if (devices.enabled !== false) {
    const numbers = sensitivityNumbers[devices.sensitivity ?? sensitivity];
    const settings: GaugeSettings = {
      directions: directionsOf(devices.directions),
      leastDrop: devices.leastDrop ?? numbers.leastDrop,
      leastSurge: devices.leastSurge ?? numbers.leastSurge,
      leastCount: devices.leastDevices ?? numbers.leastDevices,
      deviations: numbers.deviations,
      margin: numbers.margin,
      confirmMs: toMs(devices.confirm ?? '5m'),
    };
    rules.push({ id: 'connected-devices', detector: 'connected-devices', settleMs: settleOf(devices), settings });
  }
  if (throttling.enabled !== false) {
    const numbers = sensitivityNumbers[throttling.sensitivity ?? sensitivity];
    rules.push({
      id: 'throttling',
      detector: 'throttling',
      settleMs: settleOf(throttling),
      attemptsRatio: throttling.attemptsRatio ?? numbers.attemptsRatio,
      burstMargin: numbers.burstMargin,
    });
  }
  if (quota.enabled !== false)
    rules.push({
      id: 'quota',
      detector: 'quota',
      settleMs: settleOf(quota),
      levels: quota.levels ?? { warning: 0.8, error: 0.95, critical: 1 },
      levelsAlways: quota.levelsAlways ?? false,
      forecast: quota.forecast ?? true,
      forecastCertainty: sensitivityNumbers[quota.sensitivity ?? sensitivity].forecastCertainty,
    });
  if (telemetry.enabled !== false)
    rules.push({
      id: 'telemetry',
      detector: 'telemetry',
      settleMs: settleOf(telemetry),
      share: 1 - (telemetry.leastDrop ?? 0.5),
      leastMessages: telemetry.leastMessages ?? 50,
    });
  if (noData.enabled !== false)
    rules.push({
      id: 'no-data',
      detector: 'no-data',
      settleMs: 3 * MINUTE,
      afterMs: toMs(noData.after ?? '30m'),
    });
  const spared = (id: string): boolean =>
    overrides.slice(wide.length).some(({ rules: own }) => settingsOf(own, id)?.enabled === true);
  return [...rules, ...operationRules(merged('operations'), sensitivity), ...metricRules(layers, sensitivity)].filter(
    ({ id }) => spared(id) || !isSwitchedOff(hub.tags, id),
  );
}

/** What a part of the rules file says of one rule. */
function settingsOf(rules: RuleSet | undefined, id: string): { readonly enabled?: boolean | undefined } | undefined {
  if (isOperation(id)) return rules?.operations;
  if (isCoreRule(id)) return rules?.[id];
  // Every object knows names such as `constructor`, and a rule may have one.
  return Object.hasOwn(rules?.metrics ?? {}, id) ? rules?.metrics?.[id] : undefined;
}

/** The names of all rules that are shipped or that the file speaks of, whether they are in force or not. */
export function ruleNames({ rules, overrides = [] }: RulesFile): readonly string[] {
  const own = [rules, ...overrides.map((override) => override.rules)].flatMap((set) => Object.keys(set?.metrics ?? {}));
  return [...new Set([...coreSignals, ...operations, ...Object.keys(shippedMetricRules), ...own])];
}

/**
 * What of the rules file and of the hub's own tags has a say in a rule, in the order in which it is applied; empty: the rule
 * is as shipped.
 */
export function sourcesOf(file: RulesFile, hub: HubLabels, rule: string): readonly string[] {
  const says = ({ sensitivity, rules }: Layer): boolean =>
    sensitivity !== undefined || settingsOf(rules, rule) !== undefined;
  const overrides = (file.overrides ?? [])
    .map((override, i) => ({ override, name: `overrides[${String(i)}]` }))
    .filter(({ override }) => selects(override.hubs, hub) && says(override))
    .sort((a, b) => specificity(a.override.hubs) - specificity(b.override.hubs));
  const isNamed = ({ override }: (typeof overrides)[number]): boolean => override.hubs.hub !== undefined;
  return [
    ...(says(file) ? ['rules'] : []),
    ...overrides.filter((one) => !isNamed(one)).map(({ name }) => name),
    ...(says(rulesFromTags(hub.tags)) ? ['hub tags'] : []),
    ...overrides.filter(isNamed).map(({ name }) => name),
  ];
}

/** The declared maintenance of one hub. */
export function maintenanceOf(file: RulesFile, hub: HubLabels): readonly Span[] {
  return (file.maintenance ?? [])
    .filter(({ hubs }) => hubs === undefined || selects(hubs, hub))
    .map(({ from, to }) => ({ from: Date.parse(from), to: Date.parse(to) }));
}

function operationRules(
  { enabled, attemptsRatio, leaveOut = [], ...given }: NonNullable<RuleSet['operations']>,
  sensitivity: Sensitivity,
): readonly OperationRateRule[] {
  if (enabled === false) return [];
  return operations
    .filter((operation) => !leaveOut.includes(operation))
    .map((operation) => ({
      id: operation,
      detector: 'operation-rate',
      settleMs: settleOf(given),
      operation,
      attemptsRatio: attemptsRatio ?? sensitivityNumbers[given.sensitivity ?? sensitivity].operationsRatio,
    }));
}

type MetricSettings = z.infer<typeof metricRuleSchema>;

function metricRules(layers: readonly Layer[], sensitivity: Sensitivity): readonly AnyMetricRule[] {
  const named = new Map<string, Partial<MetricSettings>>(Object.entries(shippedMetricRules));
  for (const layer of layers)
    for (const [name, rule] of Object.entries(layer.rules?.metrics ?? {}))
      named.set(name, { ...named.get(name), ...rule });
  return [...named].flatMap(([id, rule]) => {
    const { metric, aggregation, enabled } = rule;
    if (enabled === false || metric === undefined || aggregation === undefined) return [];
    return [
      {
        id,
        detector: 'metric' as const,
        settleMs: settleOf(rule),
        request: { metric, aggregation },
        metric: {
          id,
          metric,
          severity: rule.severity ?? 'warning',
          sensitivity: rule.sensitivity ?? sensitivity,
          direction: rule.direction ?? 'both',
          emptyBin: rule.emptyBin ?? (aggregation === 'total' ? 'zero' : 'unknown'),
          floor: rule.floor ?? 0,
        },
        confirmMs: toMs(rule.confirm ?? '5m'),
        clearMs: 10 * MINUTE,
      },
    ];
  });
}

function settleOf({ settleAfter }: { readonly settleAfter?: string | undefined }): number {
  return toMs(settleAfter ?? '3m');
}

function directionsOf(directions: 'drops' | 'surges' | 'both' | undefined): GaugeSettings['directions'] {
  if (directions === 'drops') return ['below'];
  return directions === 'surges' ? ['above'] : ['below', 'above'];
}

function selects(selector: HubSelector, hub: HubLabels): boolean {
  const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
  if (selector.hub !== undefined && !same(selector.hub, hub.name) && !same(selector.hub, hub.id)) return false;
  if (selector.region !== undefined && !same(selector.region.replaceAll(' ', ''), hub.region)) return false;
  return Object.entries(selector.tags ?? {}).every(([name, value]) => hub.tags[name] === value);
}

/** A hub name beats any number of tags, tags beat a region. */
function specificity({ hub, region, tags }: HubSelector): number {
  return (hub === undefined ? 0 : 1_000) + 2 * Object.keys(tags ?? {}).length + (region === undefined ? 0 : 1);
}
