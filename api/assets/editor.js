// A small GraphQL editor that needs no other host.
const EXAMPLES = [
  ["Status", "{\n  status {\n    version phase slot peers pool\n    head { number hash }\n    confirmed { number }\n  }\n}"],
  ["Latest blocks", "{\n  blocks(first: 5) {\n    nodes { number hash slot transactionCount confirmed }\n    pageInfo { endCursor hasNextPage }\n  }\n}"],
  ["At the last confirmed block", "{\n  at(block: { confirmed: true }) {\n    block { number hash stateRoot }\n  }\n}"],
  ["Transactions of a block", "{\n  block {\n    number\n    transactions(first: 10) { nodes { hash stage fee signer { address } } }\n  }\n}"],
  ["Objects", "{\n  objects(first: 10) {\n    nodes { hash sizeBytes storedAt archived path }\n  }\n}"],
  ["Segments", "{\n  segments(first: 5) {\n    nodes { index commitment lastBlock pieces plottedPieces }\n  }\n}"],
  ["Domains", "{\n  domains(first: 10) {\n    nodes { number name head headReceipt confirmed balance epoch { number total } }\n  }\n}"],
  ["Operators", "{\n  operators(domain: 1, first: 10) {\n    nodes { number status staked epochStake taxPercent owner { address } }\n  }\n}"],
  ["Farms", "{\n  farms {\n    path sizeBytes sectorCount\n    sectors { state count }\n    blocksWon missed { slot reason }\n  }\n}"],
  ["Parameters", "{\n  params { hash slotDurationMs confirmationDepth piecesInSector }\n}"],
  ["What can be read", "{\n  meta { head { number } confirmed { number } lagSeconds oldestState }\n}"],
  ["Limits", "{\n  serviceConfig { depthMax complexityMax nodesMax pageMax timeoutSeconds }\n}"],
];
const FIELDS = `{ __schema { queryType { fields { name description } } mutationType { fields { name description } }
  subscriptionType { fields { name description } } } }`;
const byId = (id) => document.getElementById(id);

async function ask(query, variables) {
  const body = JSON.stringify({ query, variables });
  const headers = { "content-type": "application/json" };
  return (await fetch("/graphql", { method: "POST", headers, body })).json();
}

async function run() {
  const answer = byId("answer");
  const started = performance.now();
  try {
    const text = byId("variables").value.trim();
    answer.textContent = JSON.stringify(await ask(byId("query").value, text ? JSON.parse(text) : {}), null, 2);
    byId("cost").textContent = `${Math.round(performance.now() - started)} ms`;
  } catch (problem) {
    answer.textContent = String(problem);
  }
}

const select = byId("examples");
for (const [name, query] of EXAMPLES) select.add(new Option(name, query));
const given = new URLSearchParams(location.search).get("query");
if (given) {
  select.add(new Option("From the page", given), 0);
  select.selectedIndex = 0;
}
byId("query").value = select.value;
select.addEventListener("change", () => { byId("query").value = select.value; });
byId("run").addEventListener("click", run);
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) run();
});
if (given && !/^\s*(mutation|subscription)/.test(given)) run();

ask(FIELDS).then(({ data }) => {
  const roots = [data.__schema.queryType, data.__schema.mutationType, data.__schema.subscriptionType];
  for (const field of roots.flatMap((root) => root.fields)) {
    const name = document.createElement("dt");
    name.className = "mono";
    name.textContent = field.name;
    const text = document.createElement("dd");
    text.textContent = field.description;
    byId("fields").append(name, text);
  }
});
