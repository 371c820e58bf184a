// Live updates: follows the chain over graphql-transport-ws and resumes by cursor.
const QUERY = `subscription($after: String) { blocks(after: $after) { cursor kind block {
  number hash slot rewardAddress transactionCount sizeBytes } } }`;
const META = "{ meta { confirmed { number } } }";
const byId = (id) => document.getElementById(id);
const grouped = (text) => String(text).replace(/\B(?=(\d{3})+(?!\d))/g, "\u202f");
const short = (text) => (text.length > 17 ? `${text.slice(0, 8)}\u2026${text.slice(-6)}` : text);

function bytes(count) {
  let size = Number(count);
  if (size < 1024) return `${size} B`;
  for (const unit of ["KiB", "MiB", "GiB"]) {
    size /= 1024;
    if (size < 1024 || unit === "GiB") return `${(Math.floor(size * 10) / 10).toFixed(1)} ${unit}`;
  }
}

function cell(row, className, text, href) {
  const td = row.insertCell();
  td.className = className;
  const holder = href ? td.appendChild(document.createElement("a")) : td;
  if (href) holder.href = href;
  holder.textContent = text;
  return td;
}

function addRow(block) {
  const body = byId("blocks")?.tBodies[0];
  if (!body || new URLSearchParams(location.search).has("after") || byId(`b-${block.hash}`)) return;
  const row = body.insertRow(0);
  row.id = `b-${block.hash}`;
  row.className = "new";
  cell(row, "", grouped(block.number), `/block/${block.number}`);
  cell(row, "mono", short(block.hash), `/block/${block.hash}`);
  cell(row, "opt", grouped(block.slot));
  cell(row, "mono opt", short(block.rewardAddress ?? "genesis"), block.rewardAddress && `/account/${block.rewardAddress}`);
  cell(row, "num", block.transactionCount);
  cell(row, "num opt", bytes(block.sizeBytes));
  const tag = document.createElement("span");
  tag.className = "tag wait";
  tag.textContent = "in chain";
  row.insertCell().append(tag);
  if (body.rows.length > 25) body.deleteRow(-1);
}

function point(id, number) {
  const link = byId(id);
  link.textContent = grouped(number);
  link.href = `/block/${number}`;
}

let asked = false;
async function refreshConfirmed() {
  if (asked) return;
  asked = true;
  const body = JSON.stringify({ query: META });
  const answer = await fetch("/graphql", { method: "POST", headers: { "content-type": "application/json" }, body });
  const confirmed = (await answer.json()).data?.meta?.confirmed?.number;
  asked = false;
  if (!confirmed) return;
  point("confirmed", confirmed);
  for (const row of byId("blocks")?.tBodies[0].rows ?? []) {
    const tag = row.querySelector(".tag.wait");
    const number = Number(row.cells[0].textContent.replace(/\D/g, ""));
    if (tag && number <= Number(confirmed)) { tag.className = "tag good"; tag.textContent = "confirmed"; }
  }
}

function notice({ kind, block }) {
  if (kind === "REVERTED") {
    byId(`b-${block.hash}`)?.remove();
    point("head", String(BigInt(block.number) - 1n));
    return;
  }
  point("head", block.number);
  if (byId("card-head")) byId("card-head").textContent = grouped(block.number);
  if (byId("card-slot")) byId("card-slot").textContent = grouped(block.slot);
  addRow(block);
  refreshConfirmed().catch(() => { asked = false; });
}

let after = null;
let wait = 1000;
function connect() {
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  const socket = new WebSocket(`${scheme}://${location.host}/graphql/ws`, "graphql-transport-ws");
  const dot = byId("link");
  const send = (message) => socket.send(JSON.stringify(message));
  socket.onopen = () => send({ type: "connection_init" });
  socket.onmessage = ({ data }) => {
    const { type, payload } = JSON.parse(data);
    if (type === "connection_ack") {
      send({ type: "subscribe", id: "1", payload: { query: QUERY, variables: { after } } });
      dot.className = "dot live";
      dot.title = "live";
      wait = 1000;
    } else if (type === "ping") {
      send({ type: "pong" });
    } else if (type === "next" && payload.data?.blocks) {
      after = payload.data.blocks.cursor;
      notice(payload.data.blocks);
    } else if (type === "error" || (type === "next" && payload.errors)) {
      const problem = (payload.errors ?? payload)[0];
      after = problem?.extensions?.resume ?? null;
      socket.close();
    } else if (type === "complete") {
      socket.close();
    }
  };
  socket.onclose = () => {
    dot.className = "dot lost";
    dot.title = "connection lost";
    setTimeout(connect, wait);
    wait = Math.min(wait * 2, 30000);
  };
}

document.addEventListener("keydown", (event) => {
  const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    byId("search").focus();
  }
});

connect();
