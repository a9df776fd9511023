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
	const none = () => { throw new Error("The instance does not answer; this page asks again by itself."); };
	const answer = await fetch(location.origin + "/api/midlab/page/" + path, { headers: { Accept: "application/json" } }).catch(none);
	const said = await answer.json().catch(() => ({}));
	if (!answer.ok)
		throw new Error(said.error ? `${said.error.message}: ${said.error.detail}` : `the instance said ${answer.status}`);
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

// COLUMNS: [heading, row => text or element, class]; one that says nothing of any row is left out.
// On a phone a row is a few lines of words, each with its heading before it.
function table(rows, columns, empty) {
	if (!rows || rows.length === 0)
		return nothing(empty || "none");
	const said = columns.map((c) => rows.map((r) => c[1](r) ?? ""));
	const used = columns.map((c, i) => i).filter((i) => i === 0 || said[i].some((x) => x !== ""));
	const head = el("tr", {}, ...used.map((i) => el("th", { scope: "col", class: columns[i][2] }, columns[i][0])));
	const cell = (i, k) => el("td", { class: columns[i][2], "data-of": columns[i][0] }, said[i][k] === "" ? null : said[i][k]);
	const body = rows.map((r, k) => el("tr", {}, ...used.map((i) => cell(i, k))));
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
	return !date ? "" : el("time", { datetime: date.replace(" ", "T") + "Z", title: date + " UTC" }, age(date) === "now" ? "now" : age(date) + " ago");
}

const KINDS = { Up: "good", processed: "good", Completed: "good", Failed: "bad", Down: "bad", error: "bad", ready: "warn", processing: "warn", Active: "warn", Waiting: "warn", Queued: "warn" };
function state(word) {
	return word ? el("span", { class: KINDS[word] || "" }, word) : "";
}

// A list, so that it can be broken into lines.
function spaced(list) {
	return (list || "").replace(/,(?=\S)/g, ", ");
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
	const slots = (a) => (load.has(a.name) && Number(load.get(a.name).u_slots) > 0 ? ` of ${load.get(a.name).u_slots}` : "");
	const columns = [
		["agent", (a) => a.name],
		["state", (a) => (a.validated === "true" ? state(a.status) : el("span", { class: "warn" }, `${a.status}, not validated: gets no work`))],
		["version", (a) => a.version],
		["last heartbeat", (a) => when(a.last_refreshed), "time"],
		["running", (a) => running(a.name) + slots(a), "number"],
		["issues", (a) => (Number(a.unresolved_issues) > 0 ? a.unresolved_issues : ""), "number"],
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
		error: n("output", "error"), said: (d.queue || []).filter((r) => r.queue === "input").reduce((a, r) => a + Number(r.count), 0) };
}

function waitsLongest(d) {
	const old = (d.waiting || []).find((j) => j.state === "ready");
	return ["oldest waiting", old ? age(old.sys_created_on) : "none", old && seconds(old.sys_created_on) > 300 ? "bad" : ""];
}

function queueFigures(d) {
	const n = queueCounts(d);
	return figures([["ready", n.ready, n.ready ? "warn" : ""], ["processing", n.processing], ["processed", n.processed],
		["error", n.error, n.error ? "bad" : ""], ["from agents", n.said], waitsLongest(d)]);
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
	inside.push(figures([["jobs in the last hour", sum(h.jobs)], ["answers", sum(h.results)], ["answers a minute, in the last 5", (sum(h.results.slice(-5)) / 5).toFixed(1)],
		["at most", Math.max(...h.results)], waitsLongest(d)]), bars(h.results, "answers"));
	if (h.errors) {
		const rows = Object.entries(h.errors).sort((a, b) => b[1] - a[1]);
		inside.push(el("p", {}, h.answers ? `Failed: ${h.failed} of ${h.answers}; the last 50 answers are looked at.` : "No answer yet."));
		if (rows.length)
			inside.push(table(rows, [["class of error", (r) => r[0]], ["answers", (r) => String(r[1]), "number"]]));
	}
	return section("Integration health", "answers in each minute of the last hour", false, ...inside);
}

function progress(run) {
	const percent = Math.min(100, Number(run.u_progress) || (run.state === "Completed" ? 100 : 0));
	return el("span", { class: "whole" }, el("progress", { max: 100, value: percent, "aria-label": "progress" }), ` ${percent} %${run.state === "Active" && Number(run.u_eta) > 0 ? `, ${run.u_eta} s left` : ""}`);
}

function schedules(rows) {
	const often = (r) => [r.disco_run_type, r.run_time || (Number(r.run_period) > 0 ? `every ${r.run_period} s` : ""), r.run_time ? r.time_zone || "UTC" : ""];
	const open = (r) => [r.u_window_from && `${r.u_window_from}-${r.u_window_to}`, r.u_window_days, r.u_window_from && (r.time_zone || "UTC")];
	const words = (list) => list.filter(Boolean).join(" ");
	return table(rows, [["schedule", (r) => r.name], ["active", (r) => (r.active === "true" ? "yes" : "no")], ["ranges", (r) => spaced(r.u_ranges)], ["excluded", (r) => spaced(r.u_exclude)],
		["runs", (r) => words(often(r))], ["begins only in", (r) => words(open(r))],
		["agent", (r) => shown(r, "mid_server") || shown(r, "mid_cluster") || r.u_capability || "any"],
		["last", (r) => when(r.u_last), "time"], ["next (UTC)", (r) => (r.active === "true" ? r.u_next : ""), "time"]], "No schedule: midlab schedule add makes one.");
}

function runs(rows) {
	const n = (field) => (r) => r[field] || "";
	// One that is silent has its work given to another.
	const whose = (r) => (shown(r, "mid_server") || shown(r, "u_mid_server") || shown(r, "u_mid_cluster")) + (Number(r.u_assigned) > 1 ? `, given ${r.u_assigned} times` : "");
	const failed = (r) => (Number(r.u_failed) > 0 ? el("a", { href: "#log" }, r.u_failed) : r.u_failed);
	return table(rows, [["run", (r) => r.number], ["schedule", (r) => shown(r, "dscheduler")], ["state", (r) => state(r.state)], ["progress", progress, "time"], ["ranges", (r) => spaced(r.u_ranges)],
		["agent", whose], ["addresses", n("u_addresses"), "number"], ["found", n("u_found"), "number"], ["done", n("u_done"), "number"],
		["without facts", failed, "number"], ["other addresses", n("u_same"), "number"], ["began", (r) => when(r.started), "time"], ["why", n("u_why")]], "No run: midlab discover RANGE begins one.");
}

function discovery(d) {
	if (!d.schedules && !d.runs)
		return section("Discovery", "", true, nothing("You may not read discovery."));
	return section("Discovery", "schedules and their runs, the latest first", true, schedules(d.schedules), el("p", {}), runs(d.runs));
}

function cmdbFigures(d) {
	const all = (list) => list.reduce((a, r) => a + Number(r.count), 0);
	if (!d.cis || !d.relations)
		return nothing("You may not read the CMDB.");
	return figures([["CIs", all(d.cis)], ["relations", all(d.relations)], ["duplicates to look at", all(d.duplicates || [])]]);
}

function drawNow(d) {
	return [agents(d), health(d), el("div", { class: "stack" }, section("Queue", "", false, queueFigures(d)),
		section("CMDB", "", false, cmdbFigures(d), el("p", {}, el("a", { href: "#cmdb" }, "List of CIs"), " · ", el("a", { href: "#network" }, "Network")))),
	discovery(d)];
}

// --- queue, log ------------------------------------------------------------------

function drawQueue(d) {
	const columns = [
		["age", (r) => when(r.sys_created_on), "time"], ["agent", (r) => short(r.agent)], ["topic", (r) => r.topic],
		["name", (r) => r.name], ["source", (r) => r.source], ["state", (r) => state(r.state)]];
	return [
		section("Queue", "", true, queueFigures(d)),
		section("Waiting and running", "oldest first, at most 100", true, table(d.waiting, columns, "Nothing waits.")),
		section("Latest", "output: jobs; input: what agents said; at most 100", true, table(d.latest,
			[["queue", (r) => r.queue], ...columns, ["error", (r) => r.error_string]]))];
}

function logRows(d) {
	const rows = [];
	const add = (list, what, text) => (list || []).forEach((r) => rows.push({ at: r.sys_created_on || r.last_detected, what, who: r.source || short(r.agent) || "", text: text(r) }));
	add(d.agent_log, "agent", (r) => `${shown(r, "agent")}: ${r.message}`);
	add(d.discovery_log, "discovery", (r) => r.message);
	add(d.without_facts, "discovery", (r) => `${r["status.number"]}: ${r.ip_address} gave no facts: ${r.u_error || "no way led in"}`);
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
	const all = d.all;
	const option = (value, words, n) => el("option", { value, selected: value === d.class ? "" : null }, `${words} (${n})`);
	const choice = el("select", { "aria-label": "class" }, option("", "All but parts of machines", all - d.parts), option("cmdb_ci", "All", all),
		...(d.classes || []).sort((a, b) => (a.label < b.label ? -1 : 1)).map((c) =>
			option(c.sys_class_name, c.label, c.count)));
	// Words are looked for in parts too, unless a class is chosen.
	const find = () => go({ q: field.value, class: choice.value || (field.value ? "cmdb_ci" : ""), offset: 0 });
	const field = el("input", { type: "search", name: "q", value: arguments_.get("q") || "", placeholder: "name, address, serial number", "aria-label": "search" });
	const form = el("form", { role: "search" }, field, choice, el("button", {}, "Search"));
	form.addEventListener("submit", (ev) => { ev.preventDefault(); find(); });
	choice.addEventListener("change", find);
	const step = (to, name) => { const b = el("button", { type: "button" }, name); b.addEventListener("click", () => go({ offset: to })); return b; };
	const last = offset + (d.rows || []).length;
	const part = last < d.total || offset > 0 ? `, ${Math.min(offset + 1, last)} to ${last} shown` : "";
	return [section("CMDB", `${d.total} CIs${part}`, true, form,
		table(d.rows, [["name", (r) => ciLink(r.sys_id, r.name)], ["class", (r) => r.label], ["address", (r) => r.ip_address, "whole"],
			["serial number", (r) => r.serial_number], ["model", (r) => shown(r, "model_id")], ["system", (r) => r.os], ["last seen", (r) => when(r.last_discovered), "time"]], "No CI fits."),
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
			el("p", {}, el("a", { href: "#network?around=" + d.sys_id + (d.part ? "&parts=true" : "") }, "Show in the network")))];
	if (d.sources && d.sources.length)
		parts.push(section("Sources", "", false, table(d.sources, [["source", (r) => r.name], ["its id", (r) => r.id], ["last scan", (r) => r.last_scan, "time"]])));
	if (d.history)
		parts.push(section("History", "newest first", true, table(d.history, [["when (UTC)", (r) => r.sys_created_on, "time"], ["by", (r) => r.user || r.sys_created_by], ["source", (r) => r.u_source],
			["field", (r) => (r.fieldname === "*" ? "the CI was inserted" : r.fieldname)], ["was", (r) => r.oldvalue], ["became", (r) => r.newvalue]], "No value has changed.")));
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

function chosenCi(v, arguments_) {
	const around = new URLSearchParams(arguments_);
	around.set("around", v.sys_id);
	return [el("h3", {}, v.name), el("p", {}, v.label, el("br"), v.ip_address || "", el("br"),
		el("a", { href: "#ci/" + v.sys_id }, "All values and relations"), el("br"), el("a", { href: "#network?" + around }, "What is around it"))];
}

function drawNetwork(d, words) {
	const arguments_ = new URLSearchParams(words), around = arguments_.get("around"), parts = arguments_.get("parts") === "true";
	if (d.nodes.length === 0)
		return [section("Network", "", true, nothing("There are no CIs to draw yet."))];
	const graph = prepareGraph(d), canvas = el("div", { class: "canvas" }), detail = el("div", { "aria-live": "polite" });
	const other = new URLSearchParams({ ...(around ? { around } : {}), ...(parts ? {} : { parts: "true" }) });
	const links = el("p", {}, el("a", { href: "#network?" + other }, parts ? "Without parts of machines" : "With parts of machines"),
		...(around ? [el("br"), el("a", { href: "#network" }, "Whole network")] : []));
	const box = section("Network", "", true, el("div", { class: "network" }, canvas, el("aside", {}, detail, ...legend(graph), links)));
	main.replaceChildren(box);	// to be measured it must be there
	const button = (sign, name, what) => { const b = el("button", { type: "button", "aria-label": name, title: name }, sign); b.addEventListener("click", what); return b; };
	canvas.append(el("div", { class: "zoom" }, button("+", "nearer", () => done.zoom(0.8)), button("−", "farther", () => done.zoom(1.25)),
		button("⤢", "all of it", () => done.reset())));
	const done = drawGraph(canvas, graph, (v) => detail.replaceChildren(...(v ? chosenCi(v, words) : [])));
	const chosen = graph.nodes.find((v) => v.sys_id === around);
	if (chosen)
		done.pick(chosen);
	box.querySelector("h2 small").textContent = `${graph.nodes.length} CIs and ${graph.edges.length} relations` + (d.total > graph.nodes.length ? `, of ${d.total} CIs: ` +
		(chosen ? `what is around ${chosen.name}` : "the best connected part; choose another CI to see what is around it") : "");
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

// What is drawn again keeps the link that has the focus.
function draw(view, d, words, again) {
	const at = main.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
	main.replaceChildren(...view.draw(d, words));
	if (!again)
		scrollTo(0, 0);
	else if (at)
		main.querySelector(`a[href="${CSS.escape(at)}"]`)?.focus();
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
	document.title = `${VIEWS[name] ? name : "now"} · midlab`;
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
		draw(view, d, words || "", again);
	} catch (e) {
		if (mine !== asked)
			return;
		trouble(e.message);
		if (!again)
			main.replaceChildren();
	}
}

addEventListener("hashchange", () => show(false));
document.querySelector(".skip").addEventListener("click", (ev) => { ev.preventDefault(); main.focus(); });
setInterval(() => {
	const view = VIEWS[location.hash.slice(1).split(/[/?]/)[0]] || VIEWS.now;
	const broken = !document.getElementById("trouble").hidden;
	if ((view.again || broken) && !document.hidden && getSelection().isCollapsed)	// not under somebody who copies
		show(Boolean(view.again));
}, EVERY_MS);
show(false);
