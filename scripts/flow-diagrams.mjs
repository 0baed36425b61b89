/** `npm run docs:flows` draws each flow from its machine into docs/flows/; `--check` fails when a drawing is stale. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DIST, prepare, ROOT } from './prepare.mjs';

prepare();
const { flows, darkFlows } = await import(pathToFileURL(join(DIST, 'flows/index.js')).href);
const isCheck = process.argv.includes('--check');
const folder = join(ROOT, 'docs/flows');
mkdirSync(folder, { recursive: true });
for (const flow of [...flows, ...darkFlows]) {
  const file = join(folder, `${flow.name}${darkFlows.includes(flow) ? `-${flow.version}` : ''}.md`);
  const wanted = draw(flow);
  const isFresh = existsSync(file) && readFileSync(file, 'utf8') === wanted;
  if (isCheck && !isFresh) {
    console.error(`docs/flows/${flow.name}.md is stale`);
    process.exitCode = 1;
  }
  if (!isCheck && !isFresh) writeFileSync(file, wanted);
}

function draw({ name, version, edges }) {
  const first = edges[0].from;
  const ends = new Set(edges.map(({ to }) => to).filter((state) => !edges.some(({ from }) => from === state)));
  const lines = edges.map(({ from, on, to, guarded }) => `    ${from} --> ${to} : ${on}${guarded ? ' [when]' : ''}`);
  const last = [...ends].map((state) => `    ${state} --> [*]`);
  return `# Flow ${name}, version ${version}

Drawn from the machine in \`flows/${name}.ts\` by \`npm run docs:flows\`; a stale drawing fails the check.

\`\`\`mermaid
stateDiagram-v2
    [*] --> ${first}
${lines.join('\n')}
${last.join('\n')}
\`\`\`
`;
}
