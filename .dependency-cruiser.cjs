/** The arrows between the rooms of src/: room → rooms it may import. Nothing points back; a type import counts. */
const arrows = {
  time: [],
  failure: [],
  catalog: [],
  hubs: ['time', 'failure'],
  metrics: ['hubs', 'time', 'failure'],
  detection: ['metrics', 'hubs', 'time'],
  diagnosis: ['detection', 'metrics', 'hubs', 'time'],
  backtest: ['detection', 'metrics', 'hubs', 'time'],
  incidents: ['diagnosis', 'detection', 'hubs', 'time'],
  notify: ['incidents', 'detection', 'hubs', 'time'],
  cards: ['notify', 'incidents', 'diagnosis', 'detection', 'metrics', 'hubs', 'catalog', 'time'],
  bot: ['cards', 'incidents', 'hubs', 'catalog', 'time'],
  azure: ['diagnosis', 'detection', 'metrics', 'hubs', 'catalog', 'time', 'failure'],
  state: ['notify', 'incidents', 'diagnosis', 'detection', 'hubs', 'time', 'failure'],
  teams: ['bot', 'cards', 'notify', 'time', 'failure'],
  config: ['detection', 'notify', 'hubs', 'catalog', 'time'],
};
const core = Object.keys(arrows).filter((room) => !['azure', 'state', 'teams'].includes(room));
const inRooms = (rooms) => rooms.map((room) => `^src/${room}/`);

module.exports = {
  forbidden: [
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-orphans', severity: 'error', from: { orphan: true, path: '^src/' }, to: {} },
    ...Object.entries(arrows).map(([room, allowed]) => ({
      name: `${room}-imports`,
      comment: `${room} may import: ${allowed.join(', ') || 'no other room'}`,
      severity: 'error',
      from: { path: `^src/${room}/` },
      to: { path: '^(src|functions|test)/', pathNot: inRooms([room, ...allowed]) },
    })),
    {
      name: 'app-imports',
      comment: 'app knows the core and the configuration; only wire.ts picks adapters',
      severity: 'error',
      from: { path: '^src/app/', pathNot: '^src/app/wire[.]ts$' },
      to: { path: '^(src|functions|test)/', pathNot: inRooms(['app', ...core]) },
    },
    {
      name: 'functions-imports',
      comment: 'a trigger takes the clock and the request, and calls the app',
      severity: 'error',
      from: { path: '^functions/' },
      to: { path: '^(src|test)/', pathNot: '^src/app/' },
    },
    {
      name: 'nobody-imports-the-edge',
      comment: 'nothing depends on the triggers, the simulator or the command line',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(simulator|cli)/' },
      to: { path: '^(functions|src/(simulator|cli))/' },
    },
    {
      name: 'bot-sdk-stays-at-the-edge',
      comment: 'botbuilder is at its end of life upstream: two files know it',
      severity: 'error',
      from: { path: '^(src|functions)/', pathNot: '^src/teams/(inbound|outbound|bot-sdk)[.]ts$' },
      to: { path: 'node_modules/(botbuilder|botframework-[a-z]+)/' },
    },
    {
      name: 'monitor-query-in-one-file',
      comment: '@azure/monitor-query is superseded upstream: a swap must stay one file',
      severity: 'error',
      from: { path: '^(src|functions)/', pathNot: '^src/azure/monitor-query[.]ts$' },
      to: { path: 'node_modules/@azure/monitor-query/' },
    },
    {
      name: 'sdks-stay-in-adapters',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(azure|state|teams|simulator)/|^src/app/wire[.]ts$' },
      to: { path: 'node_modules/@azure/' },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
