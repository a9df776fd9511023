// SPDX-License-Identifier: Apache-2.0
// The network: where the nodes go, and how they are drawn. The layout has no
// chance in it: same CMDB, same picture.
"use strict";

// The first row whose pattern is found in the class decides shape and colour.
const FAMILIES = [
	[/part$/, "part", "dot", "", "Part"],
	[/ip_switch|storage_switch/, "switch", "box", "S", "Switch"],
	[/router/, "router", "circle", "R", "Router"],
	[/firewall/, "firewall", "hexagon", "F", "Firewall"],
	[/wap/, "wireless", "triangle", "W", "Wireless"],
	[/netgear|_lb$/, "switch", "box", "N", "Network gear"],
	[/printer/, "printer", "shield", "P", "Printer"],
	[/_ups$|_pdu$/, "power", "octagon", "U", "Power"],
	[/vm_instance|vm_object|kvm|container/, "virtual", "ring", "V", "Virtual machine"],
	[/storage_server/, "storage", "drum", "D", "Storage"],
	[/server$|computer|pc_hardware/, "server", "tower", "H", "Host"],
	[/appl$|app_server|web_|db_|service/, "application", "pill", "A", "Application"],
	[/certificate/, "certificate", "star", "C", "Certificate"],
	[/ip_network|dns_name/, "network", "cloud", "", "Network"],
	[/adapter|ip_address|disk|volume|pool|file_system|memory|port|spkg|input|output/, "part", "dot", "", "Part"],
	[/./, "other", "diamond", "?", "Other"],
];
// web_server and app_server are programs, whatever their names end with.
const PROGRAMS = /web_server|app_server|db_instance|_appl$/;
const RELATIONS = [
	[/^Connects|^IP Conn|^Exchanges/, "connects"],
	[/^Virtual/, "virtual"],
	[/^Powers/, "powers"],
	[/^Runs|^Hosted|^Instan|^Registered/, "runs"],
	[/^Contains|^Owns|^Members|^Cluster|^Provi/, "contains"],
	[/^Uses|^Depends|^Defines/, "uses"],
	[/./, "relation"],
];

function family(name) {
	return PROGRAMS.test(name) ? FAMILIES.find((f) => f[1] === "application") : FAMILIES.find((f) => f[0].test(name));
}

function relation(name) {
	return RELATIONS.find((r) => r[0].test(name))[1];
}

function svg(tag, attributes, ...inside) {
	const e = document.createElementNS("http://www.w3.org/2000/svg", tag);
	for (const [name, value] of Object.entries(attributes || {}))
		e.setAttribute(name, value);
	e.append(...inside);		// strings become text, never markup
	return e;
}

function ring(n, r, turn) {
	const points = [];
	for (let i = 0; i < n; i++) {
		const a = turn + i * 2 * Math.PI / n;
		points.push(`${(r * Math.cos(a)).toFixed(1)},${(r * Math.sin(a)).toFixed(1)}`);
	}
	return svg("polygon", { points: points.join(" ") });
}

const SHAPES = {
	box: () => svg("rect", { x: -15, y: -10, width: 30, height: 20, rx: 3 }),
	tower: () => svg("rect", { x: -10, y: -13, width: 20, height: 26, rx: 2 }),
	circle: () => svg("circle", { r: 13 }),
	ring: () => svg("circle", { r: 11, "stroke-dasharray": "3 2" }),
	dot: () => svg("circle", { r: 5 }),
	pill: () => svg("rect", { x: -16, y: -9, width: 32, height: 18, rx: 9 }),
	hexagon: () => ring(6, 14, 0),
	octagon: () => ring(8, 13, Math.PI / 8),
	diamond: () => ring(4, 14, 0),
	triangle: () => ring(3, 16, -Math.PI / 2),
	shield: () => svg("path", { d: "M-13,-10 H13 V4 L6,12 H-6 L-13,4 Z" }),
	star: () => svg("path", { d: "M0,-15 4,-5 14,-5 6,2 9,13 0,6 -9,13 -6,2 -14,-5 -4,-5 Z" }),
	drum: () => svg("path", { d: "M-11,-9 A11,4 0 0 1 11,-9 V9 A11,4 0 0 1 -11,9 Z" }),
	cloud: () => svg("ellipse", { rx: 17, ry: 10 }),
};

function drawShape(f) {
	const g = svg("g", { class: `f-${f[1]}` });
	const s = SHAPES[f[2]]();
	s.setAttribute("class", "shape");
	g.append(s);
	if (f[3])
		g.append(svg("text", { class: "glyph" }, f[3]));
	return g;
}

// Forces: all nodes push each other away, edges pull, the middle pulls a
// little; the step shrinks. Wide, or the same turned where TALL. Nodes begin on a spiral in the order of their names.
function layout(nodes, edges, tall) {
	const n = nodes.length, want = 85, rounds = n > 120 ? 250 : 500;
	nodes.forEach((v, i) => {
		const r = want * 0.6 * Math.sqrt(i + 0.5), a = i * 2.399963;
		v.x = r * Math.cos(a);
		v.y = r * Math.sin(a) * 0.7;
	});
	for (let round = 0; round < rounds; round++) {
		const step = want * 0.5 * (1 - round / rounds) + 0.5;
		for (const v of nodes)
			v.fx = v.fy = 0;
		for (let i = 0; i < n; i++)
			for (let j = i + 1; j < n; j++)
				push(nodes[i], nodes[j], want);
		for (const e of edges)
			pull(e.a, e.b, want);
		for (const v of nodes) {
			v.fx -= v.x * 0.035;
			v.fy -= v.y * 0.06;
			const f = Math.hypot(v.fx, v.fy) || 1;
			v.x += v.fx / f * Math.min(f, step);
			v.y += v.fy / f * Math.min(f, step);
		}
	}
	if (tall)
		for (const v of nodes)
			[v.x, v.y] = [v.y, v.x];
}

function push(a, b, want) {
	const dx = a.x - b.x || 0.1, dy = a.y - b.y || 0.1, d2 = dx * dx + dy * dy, f = Math.min(want * want / d2, 30);
	a.fx += dx * f; a.fy += dy * f;
	b.fx -= dx * f; b.fy -= dy * f;
}

function pull(a, b, want) {
	const dx = a.x - b.x, dy = a.y - b.y, f = Math.hypot(dx, dy) / want;
	a.fx -= dx * f; a.fy -= dy * f;
	b.fx += dx * f; b.fy += dy * f;
}

function drawEdge(e) {
	const words = e.name.split("::")[0];
	const g = svg("g", { class: `edge r-${relation(e.name)}` });
	g.append(svg("title", {}, `${e.a.name} ${words} ${e.b.name}${e.port ? ", port " + e.port : ""}`),
	    svg("line", { x1: e.a.x, y1: e.a.y, x2: e.b.x, y2: e.b.y }),
	    svg("text", { x: (e.a.x + e.b.x) / 2, y: (e.a.y + e.b.y) / 2 - 3 }, words));
	return g;
}

function drawNode(v, choose) {
	const g = svg("g", { class: "node", transform: `translate(${v.x.toFixed(1)},${v.y.toFixed(1)})`,
	    tabindex: 0, role: "button", "aria-label": `${v.name}, ${v.label}` });
	const short = v.name.length > 22 ? v.name.slice(0, 21) + "…" : v.name;
	g.append(svg("title", {}, `${v.name}\n${v.label}${v.ip_address ? "\n" + v.ip_address : ""}`),
	    drawShape(v.family), svg("text", { y: 16, class: "name" }, short));
	g.addEventListener("click", () => choose(v));
	g.addEventListener("keydown", (ev) => {
		if (ev.key !== "Enter" && ev.key !== " ")
			return;
		ev.preventDefault();
		choose(v);
	});
	return g;
}

// {nodes, edges} of the instance, with the edges' ends found and placed.
function prepareGraph(data, tall) {
	const by = new Map();
	for (const v of data.nodes) {
		v.family = family(v.sys_class_name);
		v.name = v.name || v.label;
		by.set(v.sys_id, v);
	}
	const edges = data.edges.map((e) => ({ a: by.get(e.parent), b: by.get(e.child), name: e["type.name"] || "", port: e.port }))
	    .filter((e) => e.a && e.b && e.a !== e.b);
	layout(data.nodes, edges, tall);
	return { nodes: data.nodes, edges, tall };
}

// Draws into BOX; CHOOSE is called with a node. Answers with what can be done.
function drawGraph(box, graph, choose) {
	const picture = svg("svg", { class: "graph", role: "group", "aria-label": `${graph.nodes.length} CIs and ${graph.edges.length} relations` });
	if (graph.tall || graph.edges.length > 60)
		picture.classList.add("quiet");
	const xs = graph.nodes.map((v) => v.x), ys = graph.nodes.map((v) => v.y);
	const view = { x: Math.min(...xs) - 75, y: Math.min(...ys) - 40 };
	view.w = Math.max(...xs) + 75 - view.x;
	view.h = Math.max(...ys) + 50 - view.y;
	const whole = { ...view };
	const show = () => picture.setAttribute("viewBox", `${view.x} ${view.y} ${view.w} ${view.h}`);
	const mark = (v) => {
		graph.edges.forEach((e) => e.drawn.classList.toggle("near", e.a === v || e.b === v));
		graph.edges.forEach((e) => e.drawn.classList.toggle("faded", !!v && e.a !== v && e.b !== v));
		graph.nodes.forEach((o) => {
			const near = !v || o === v || graph.edges.some((e) => (e.a === v && e.b === o) || (e.b === v && e.a === o));
			o.drawn.classList.toggle("faded", !near);
			o.drawn.classList.toggle("chosen", o === v);
		});
	};
	for (const e of graph.edges)
		picture.append(e.drawn = drawEdge(e));
	for (const v of graph.nodes)
		picture.append(v.drawn = drawNode(v, (o) => { mark(o); choose(o); }));
	const zoom = (by) => {
		view.x += view.w * (1 - by) / 2; view.y += view.h * (1 - by) / 2;
		view.w *= by; view.h *= by;
		show();
	};
	drag(picture, view, show);
	picture.addEventListener("wheel", (ev) => { ev.preventDefault(); zoom(ev.deltaY > 0 ? 1.1 : 0.9); }, { passive: false });
	show();
	box.append(picture);
	// Words keep a readable size where the whole net is drawn small.
	const scale = Math.max(view.w / picture.clientWidth, view.h / picture.clientHeight) || 1;
	picture.style.setProperty("--u", Math.min(1.5, Math.max(1, scale)).toFixed(2));
	return { zoom, reset: () => { Object.assign(view, whole); mark(null); show(); } };
}

function drag(picture, view, show) {
	let last = null;
	picture.addEventListener("pointerdown", (ev) => { last = ev.target.closest(".node") ? null : [ev.clientX, ev.clientY]; });
	picture.addEventListener("pointermove", (ev) => {
		if (!last)
			return;
		const scale = Math.max(view.w / picture.clientWidth, view.h / picture.clientHeight);
		view.x -= (ev.clientX - last[0]) * scale;
		view.y -= (ev.clientY - last[1]) * scale;
		last = [ev.clientX, ev.clientY];
		show();
	});
	for (const end of ["pointerup", "pointerleave", "pointercancel"])
		picture.addEventListener(end, () => { last = null; });
}
