// SPDX-License-Identifier: Apache-2.0
// The page: a view per word after the #. All text of the instance goes in as
// text nodes; nothing here makes markup of a string.
"use strict";

const main = document.getElementById("main");
const EVERY_MS = 10000;
let now = "";				// the instance's clock, "yyyy-MM-dd HH:mm:ss"
let asked = 0;				// the latest view drawn: older answers are dropped

async function ask(path) {
	// An origin without the user and password that an address may carry.
	const answer = await fetch(location.origin + "/api/midlab/page/" + path, { headers: { Accept: "application/json" } });
	const said = await answer.json();
	if (!answer.ok)
		throw new Error(said.error ? `${said.error.message}. ${said.error.detail}` : answer.statusText);
	return said.result;
}

// --- small parts ---------------------------------------------------------------

function el(tag, attributes, ...inside) {
	const e = document.createElement(tag);
	for (const [name, value] of Object.entries(attributes || {}))
		if (value !== undefined && value !== null && value !== false)
			e.setAttribute(name, value);
	e.append(...inside.filter((x) => x !== undefined && x !== null));
	return e;
}

function section(title, note, wide, ...inside) {
	return el("section", { class: wide ? "wide" : null }, el("h2", {}, title, " ", el("small", {}, note || "")), ...inside);
}

function nothing(words) {
	return el("p", { class: "dim" }, words);
}

// COLUMNS: [heading, row => text or element, class]
function table(rows, columns, empty) {
	if (!rows || rows.length === 0)
		return nothing(empty || "none");
	const head = el("tr", {}, ...columns.map((c) => el("th", { scope: "col", class: c[2] }, c[0])));
	const body = rows.map((r) => el("tr", {}, ...columns.map((c) => el("td", { class: c[2] }, c[1](r) ?? ""))));
	return el("div", { class: "scroll" }, el("table", {}, el("thead", {}, head), el("tbody", {}, ...body)));
}

function figures(pairs) {
	return el("dl", { class: "figures" }, ...pairs.map(([what, n, kind]) =>
		el("div", {}, el("dt", {}, what), el("dd", { class: kind }, String(n)))));
}

function shown(row, field) {
	return row[field + "_shown"] || row[field] || "";
}

function seconds(date) {
	return date ? (Date.parse(now.replace(" ", "T") + "Z") - Date.parse(date.replace(" ", "T") + "Z")) / 1000 : NaN;
}

function age(date) {
	const s = seconds(date);
	if (Number.isNaN(s))
		return "";
	if (s < 0)
		return "now";
	for (const [unit, n] of [["d", 86400], ["h", 3600], ["min", 60]])
		if (s >= 2 * n)
			return `${Math.floor(s / n)} ${unit}`;
	return `${Math.round(s)} s`;
}

function when(date) {
	return el("time", { datetime: date ? date.replace(" ", "T") + "Z" : null, title: date ? date + " UTC" : null }, date ? age(date) + " ago" : "");
}

const KINDS = { Up: "good", processed: "good", Completed: "good", Down: "bad", error: "bad", ready: "warn", processing: "warn", Active: "warn" };
function state(word) {
	return el("span", { class: KINDS[word] || "" }, word || "");
}

function ciLink(id, name) {
	return el("a", { href: "#ci/" + id }, name || "(no name)");
}

function short(agent) {
	return (agent || "").replace(/^mid\.server\./, "");
}

// --- now -----------------------------------------------------------------------

function agents(d) {
	const load = new Map((d.load || []).map((l) => [shown(l, "mid_server"), l]).reverse());
	const running = (name) => (d.waiting || []).filter((j) => short(j.agent) === name && j.state === "processing").length;
	const columns = [
		["agent", (a) => a.name],
		["state", (a) => state(a.status)],
		["version", (a) => a.version],
		["last heartbeat", (a) => when(a.last_refreshed), "time"],
		["running", (a) => String(running(a.name)), "number"],
		["host", (a) => [a.host_name, a.host_os_distribution].filter(Boolean).join(", ")],
	];
	if (load.size)
		columns.push(["CPU", (a) => load.has(a.name) ? Math.round(load.get(a.name).mean_cpu_used) + " %" : "", "number"]);
	return section("Agents", d.agents ? `${d.agents.filter((a) => a.status === "Up").length} of ${d.agents.length} up` : "", true,
	    table(d.agents, columns, d.agents ? "No agent has registered." : "You may not read the agents."));
}

function queueCounts(d) {
	const n = (q, s) => (d.queue || []).filter((r) => r.queue === q && r.state === s).reduce((a, r) => a + Number(r.count), 0);
	return { ready: n("output", "ready"), processing: n("output", "processing"), processed: n("output", "processed"),
		error: n("output", "error"), inputs: (d.queue || []).filter((r) => r.queue === "input").reduce((a, r) => a + Number(r.count), 0) };
}

function oldest(d) {
	return (d.waiting || []).find((j) => j.state === "ready");
}

function queueFigures(d) {
	const n = queueCounts(d), old = oldest(d);
	return figures([["ready", n.ready, n.ready ? "warn" : ""], ["processing", n.processing], ["processed", n.processed],
		["error", n.error, n.error ? "bad" : ""], ["answers", n.inputs],
		["oldest waiting", old ? age(old.sys_created_on) : "none", old && seconds(old.sys_created_on) > 300 ? "bad" : ""]]);
}

function bars(counts, what) {
	const most = Math.max(1, ...counts);
	const s = svg("svg", { class: "bars", viewBox: `0 0 ${counts.length * 10} 60`, preserveAspectRatio: "none", role: "img",
	    "aria-label": `${what} in each of the last ${counts.length} minutes: ${counts.join(", ")}` });
	s.append(svg("line", { x1: 0, x2: counts.length * 10, y1: 59, y2: 59 }));
	counts.forEach((n, i) => n && s.append(svg("rect", { x: i * 10 + 1, width: 8, y: 58 - 56 * n / most, height: 1 + 56 * n / most })));
	return s;
}

function health(d) {
	const h = d.health || {}, inside = [];
	const sum = (a) => (a || []).reduce((x, y) => x + y, 0);
	if (!h.results)
		return section("Integration health", "", false, nothing("You may not read the queue."));
	inside.push(figures([["answers in the last hour", sum(h.results)], ["in the last 5 minutes, per minute", (sum(h.results.slice(-5)) / 5).toFixed(1)],
		["at most in a minute", Math.max(...h.results)]]), bars(h.results, "answers"));
	if (h.errors) {
		const rows = Object.entries(h.errors).sort((a, b) => b[1] - a[1]);
		inside.push(el("p", {}, `${h.failed} of the last ${h.answers} answers failed${rows.length ? ":" : "."}`));
		if (rows.length)
			inside.push(table(rows, [["class of error", (r) => r[0]], ["answers", (r) => String(r[1]), "number"]]));
	}
	return section("Integration health", "answers per minute", false, ...inside);
}

function progress(run) {
	const percent = Math.min(100, Number(run.u_progress) || (run.state === "Completed" ? 100 : 0));
	return el("span", { class: "whole" }, el("progress", { max: 100, value: percent, "aria-label": "progress" }), ` ${percent} %${run.state === "Active" && Number(run.u_eta) > 0 ? `, ${run.u_eta} s left` : ""}`);
}

function schedules(rows) {
	return table(rows, [["schedule", (r) => r.name], ["active", (r) => (r.active === "true" ? "yes" : "no")], ["ranges", (r) => r.u_ranges], ["without", (r) => r.u_exclude],
		["runs", (r) => [r.disco_run_type, r.run_time].filter(Boolean).join(" ")], ["agent", (r) => shown(r, "mid_server") || shown(r, "mid_cluster")],
		["last", (r) => when(r.u_last), "time"], ["next (UTC)", (r) => r.u_next, "time"]], "No schedule.");
}

function runs(rows) {
	const n = (field) => (r) => r[field] || "";
	return table(rows, [["run", (r) => r.number || shown(r, "dscheduler")], ["state", (r) => state(r.state)], ["progress", progress, "time"], ["ranges", (r) => r.u_ranges || r.source],
		["agent", (r) => shown(r, "mid_server")], ["addresses", n("u_addresses"), "number"], ["found", n("u_found"), "number"], ["done", n("u_done"), "number"],
		["failed", n("u_failed"), "number"], ["other addresses", n("u_same"), "number"], ["began", (r) => when(r.started), "time"], ["why", n("u_why")]], "No run yet.");
}

function discovery(d) {
	if (!d.schedules && !d.runs)
		return section("Discovery", "", true, nothing("You may not read discovery."));
	return section("Discovery", "schedules and their runs, the latest first", true, schedules(d.schedules), el("p", {}), runs(d.runs));
}

function drawNow(d) {
	return [agents(d), health(d), section("Queue", "jobs for agents", false, queueFigures(d), el("h2", {}, "CMDB"), figures([["relations", (d.relations || []).reduce((a, r) => a + Number(r.count), 0)],
			["duplicates to look at", (d.duplicates || []).reduce((a, r) => a + Number(r.count), 0)]]),
		el("p", {}, el("a", { href: "#cmdb" }, "List of CIs"), " · ", el("a", { href: "#network" }, "Network"))), discovery(d)];
}

// --- queue, log ------------------------------------------------------------------

function drawQueue(d) {
	const columns = [
		["age", (r) => when(r.sys_created_on), "time"], ["agent", (r) => short(r.agent)], ["topic", (r) => r.topic],
		["name", (r) => r.name], ["source", (r) => r.source], ["state", (r) => state(r.state)]];
	return [
		section("Queue", "", true, queueFigures(d)),
		section("Waiting and running", "oldest first, at most 100", true, table(d.waiting, columns, "Nothing waits.")),
		section("Latest", "jobs (output) and answers (input), at most 100", true, table(d.latest,
			[["queue", (r) => r.queue], ...columns, ["error", (r) => r.error_string]]))];
}

function logRows(d) {
	const rows = [];
	const add = (list, what, text) => (list || []).forEach((r) => rows.push({ at: r.sys_created_on || r.last_detected, what, who: r.source || short(r.agent) || "", text: text(r) }));
	add(d.agent_log, "agent", (r) => `${shown(r, "agent")}: ${r.message}`);
	add(d.discovery_log, "discovery", (r) => r.message);
	add(d.issues, "issue", (r) => `${shown(r, "mid_server")}: ${r.message || r.short_description}`);
	add(d.events, "event", (r) => [r.node, r.type, r.description].filter(Boolean).join(": "));
	add((d.latest || []).filter((r) => r.error_string), "queue", (r) => `${r.topic}: ${r.error_string}`);
	return rows.sort((a, b) => (a.at < b.at ? 1 : -1));
}

function drawLog(d) {
	return [section("Log", "of agents, discovery, events and the queue, newest first", true, table(logRows(d),
		[["when (UTC)", (r) => r.at, "time"], ["of", (r) => r.what], ["who", (r) => r.who], ["what", (r) => r.text]], "Nothing has been logged."))];
}

// --- CMDB ------------------------------------------------------------------------

function drawCmdb(d, words) {
	const arguments_ = new URLSearchParams(words), offset = Number(arguments_.get("offset")) || 0;
	const go = (more) => { const a = new URLSearchParams(words); for (const k in more) a.set(k, more[k]); location.hash = "cmdb?" + a; };
	const all = (d.classes || []).reduce((a, c) => a + Number(c.count), 0);
	const choice = el("select", { "aria-label": "class" }, el("option", { value: "cmdb_ci" }, `All classes (${all})`),
		...(d.classes || []).sort((a, b) => (a.label < b.label ? -1 : 1)).map((c) =>
			el("option", { value: c.sys_class_name, selected: c.sys_class_name === d.class ? "" : null }, `${c.label} (${c.count})`)));
	const field = el("input", { type: "search", name: "q", value: arguments_.get("q") || "", placeholder: "name, address, serial number", "aria-label": "search" });
	const form = el("form", { role: "search" }, field, choice, el("button", {}, "Search"));
	form.addEventListener("submit", (ev) => { ev.preventDefault(); go({ q: field.value, class: choice.value, offset: 0 }); });
	choice.addEventListener("change", () => go({ q: field.value, class: choice.value, offset: 0 }));
	const step = (to, name) => { const b = el("button", { type: "button" }, name); b.addEventListener("click", () => go({ offset: to })); return b; };
	const last = offset + (d.rows || []).length;
	return [section("CMDB", `${d.total} CIs${last < d.total || offset ? `, ${offset + 1} to ${last} shown` : ""}`, true, form,
		table(d.rows, [["name", (r) => ciLink(r.sys_id, r.name)], ["class", (r) => r.label], ["address", (r) => r.ip_address, "whole"],
			["serial number", (r) => r.serial_number], ["model", (r) => shown(r, "model_id")], ["last seen", (r) => when(r.last_discovered), "time"]], "No CI fits."),
		offset > 0 ? step(Math.max(0, offset - 100), "Previous") : null, last < d.total ? step(last, "Next") : null)];
}

function relationList(rows, end, word) {
	return rows.map((r) => el("li", {}, el("span", { class: "dim" }, (r["type.name"] || "").split("::")[word] || "", " "),
		ciLink(r[end], r[end + ".name"]), r.port ? `, port ${r.port}` : ""));
}

function values(list) {
	return el("dl", { class: "values" }, ...list.flatMap((v) => [el("dt", {}, v.name), el("dd", {}, v.ci ? ciLink(v.ci, v.shown) : v.shown)]));
}

function drawCi(d) {
	const own = d.values.filter((v) => !v.name.startsWith("sys_")), system = d.values.filter((v) => v.name.startsWith("sys_"));
	const related = [...relationList(d.children || [], "child", 0), ...relationList(d.parents || [], "parent", 1)];
	const parts = [
		section(d.name || "(no name)", d.label, false, values(own), el("h3", {}, "Record"), values(system)),
		section("Relations", String(related.length), false, related.length ? el("ul", { class: "plain" }, ...related) : nothing("none"),
			el("p", {}, el("a", { href: "#network?around=" + d.sys_id }, "Show in the network")))];
	if (d.sources && d.sources.length)
		parts.push(section("Sources", "", false, table(d.sources, [["source", (r) => r.name], ["its id", (r) => r.id], ["last scan", (r) => r.last_scan, "time"]])));
	if (d.history)
		parts.push(section("History", "newest first", true, table(d.history, [["when (UTC)", (r) => r.sys_created_on, "time"], ["by", (r) => r.user || r.sys_created_by], ["source", (r) => r.u_source],
			["field", (r) => r.fieldname], ["was", (r) => r.oldvalue], ["became", (r) => r.newvalue]], "No value has changed.")));
	return parts;
}

// --- network ---------------------------------------------------------------------

function legend(graph) {
	const used = new Map(), lines = new Map();
	graph.nodes.forEach((v) => used.set(v.family, (used.get(v.family) || 0) + 1));
	graph.edges.forEach((e) => lines.set(e.name, (lines.get(e.name) || 0) + 1));
	const key = (drawn, words) => el("span", { class: "row" }, svg("svg", { viewBox: "-18 -18 36 36", "aria-hidden": "true" }, drawn), words);
	const line = (name) => svg("g", { class: `edge r-${relation(name)}` }, svg("line", { x1: -17, x2: 17, y1: 0, y2: 0 }));
	return [el("h3", {}, "CIs"), el("div", { class: "legend" }, ...[...used].sort((a, b) => b[1] - a[1]).map(([f, n]) => key(drawShape(f), `${f[4]} (${n})`))),
		el("h3", {}, "Relations"), el("div", { class: "legend" }, ...[...lines].sort((a, b) => b[1] - a[1]).map(([name, n]) => key(line(name), `${name.split("::")[0]} (${n})`)))];
}

function drawNetwork(d, words) {
	const around = new URLSearchParams(words).get("around");
	if (d.nodes.length === 0)
		return [section("Network", "", true, nothing("There are no CIs to draw yet."))];
	const graph = prepareGraph(d, matchMedia("(max-width: 46rem)").matches), canvas = el("div", { class: "canvas" }), detail = el("div", { "aria-live": "polite" });
	const choose = (v) => detail.replaceChildren(el("h3", {}, v.name), el("p", {}, v.label, el("br"), v.ip_address || "", el("br"),
		el("a", { href: "#ci/" + v.sys_id }, "All values and relations"), el("br"), el("a", { href: "#network?around=" + v.sys_id }, "What is around it")));
	const aside = el("aside", {}, detail, ...legend(graph)), box = section("Network", "", true, el("div", { class: "network" }, canvas, aside));
	main.replaceChildren(box);	// to be measured it must be there
	const done = drawGraph(canvas, graph, choose);
	const button = (sign, name, what) => { const b = el("button", { type: "button", "aria-label": name, title: name }, sign); b.addEventListener("click", what); return b; };
	canvas.append(el("div", { class: "zoom" }, button("+", "nearer", () => done.zoom(0.8)), button("−", "farther", () => done.zoom(1.25)),
		button("⤢", "all of it", () => { done.reset(); detail.replaceChildren(); })));
	const chosen = graph.nodes.find((v) => v.sys_id === around);
	const note = `${graph.nodes.length} CIs and ${graph.edges.length} relations` + (d.total > graph.nodes.length ? `, of ${d.total} CIs: ` +
		(chosen ? `what is around ${chosen.name}` : "the best connected part; choose another CI to see what is around it") : "");
	box.querySelector("h2 small").textContent = note;
	if (chosen)
		aside.append(el("p", {}, el("a", { href: "#network" }, "Whole network")));
	return [box];
}

// --- which view ------------------------------------------------------------------

// The path that is asked for, how it is drawn, and whether that is done again.
const VIEWS = {
	now: { path: () => "now", draw: drawNow, again: true },
	queue: { path: () => "now", draw: drawQueue, again: true },
	log: { path: () => "now", draw: drawLog, again: true },
	cmdb: { path: (words) => "cis?" + words, draw: drawCmdb },
	ci: { path: (words, id) => "ci/" + encodeURIComponent(id), draw: drawCi, tab: "cmdb" },
	network: { path: (words) => "graph?" + words, draw: drawNetwork },
};

function trouble(words) {
	const p = document.getElementById("trouble");
	p.hidden = !words;
	p.textContent = words;
}

async function show(again) {
	const [place, words] = location.hash.slice(1).split("?"), [name, id] = place.split("/");
	const view = VIEWS[name] || VIEWS.now, mine = ++asked;
	document.querySelectorAll("nav a").forEach((a) => {
		if (a.hash === "#" + (view.tab || (VIEWS[name] ? name : "now")))
			a.setAttribute("aria-current", "page");
		else
			a.removeAttribute("aria-current");
	});
	try {
		const d = await ask(view.path(words || "", id || ""));
		if (mine !== asked)
			return;
		now = d.now || new Date().toISOString().slice(0, 19).replace("T", " ");
		if (d.url)
			document.getElementById("where").textContent = `${d.url.replace("https://", "")} · ${d.version} · read by ${d.user}`;
		else if (!document.getElementById("where").textContent)
			document.getElementById("where").textContent = location.host;
		trouble("");
		main.replaceChildren(...view.draw(d, words || ""));
		if (!again)
			main.scrollTop = 0;
	} catch (e) {
		if (mine === asked)
			trouble(`The instance does not answer as it should: ${e.message}`);
	}
}

addEventListener("hashchange", () => show(false));
document.querySelector(".skip").addEventListener("click", (ev) => { ev.preventDefault(); main.focus(); });
setInterval(() => {
	const view = VIEWS[location.hash.slice(1).split(/[/?]/)[0]] || VIEWS.now;
	if (view.again && !document.hidden)
		show(true);
}, EVERY_MS);
show(false);
