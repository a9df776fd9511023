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
	[/appl$|ci_app_server|ci_web_|ci_db_|service/, "application", "pill", "A", "Application"],
	[/certificate/, "certificate", "star", "C", "Certificate"],
	[/ip_network|dns_name/, "network", "cloud", "", "Network"],
	[/adapter|ip_address|disk|volume|pool|file_system|memory|port|spkg|input|output/, "part", "dot", "", "Part"],
	[/./, "other", "diamond", "?", "Other"],
];
// web_server and app_server are programs, whatever their names end with.
const PROGRAMS = /web_server|app_server|db_instance|_appl$/;
const RELATIONS = [
	[/^Connects/, "connects"],
	[/^IP Conn|^Exchanges/, "talks"],
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
// little, those without an edge more; the step shrinks. Nodes begin on a spiral
// in the order of their names.
function layout(nodes, edges) {
	const n = nodes.length, want = 85, rounds = n > 120 ? 250 : 500;
	const held = new Set(edges.flatMap((e) => [e.a, e.b]));
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
			v.fx -= v.x * (held.has(v) ? 0.035 : 0.5);
			v.fy -= v.y * (held.has(v) ? 0.06 : 0.5);
			const f = Math.hypot(v.fx, v.fy) || 1;
			v.x += v.fx / f * Math.min(f, step);
			v.y += v.fy / f * Math.min(f, step);
		}
	}
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

// Turned so that it is longest where the box is, then stretched to fill W by H,
// but not so far that few nodes are lost in it.
function fit(nodes, w, h) {
	let xx = 0, yy = 0, xy = 0;
	for (const v of nodes) {
		xx += v.x * v.x; yy += v.y * v.y; xy += v.x * v.y;
	}
	const turn = (w < h ? Math.PI / 2 : 0) - Math.atan2(2 * xy, xx - yy) / 2, c = Math.cos(turn), s = Math.sin(turn);
	for (const v of nodes)
		[v.x, v.y] = [v.x * c - v.y * s, v.x * s + v.y * c];
	const extent = (get) => Math.max(...nodes.map(get)) - Math.min(...nodes.map(get)) || 1;
	const sx = Math.min(2, w / extent((v) => v.x)), sy = Math.min(2, h / extent((v) => v.y));
	for (const v of nodes) {
		v.x *= sx;
		v.y *= sy;
	}
}

// Shapes with their names below them must not lie on each other; U: the size of letters.
function spread(nodes, u) {
	const high = 34 + 14 * u;
	for (const v of nodes)
		v.half = Math.max(18, v.short.length * 3.3 * u + 3);
	for (let round = 0; round < 80; round++)
		for (let i = 0; i < nodes.length; i++)
			for (let j = i + 1; j < nodes.length; j++) {
				const a = nodes[i], b = nodes[j], dx = a.x - b.x, dy = a.y - b.y;
				const ox = a.half + b.half - Math.abs(dx), oy = high - Math.abs(dy);
				if (ox <= 0 || oy <= 0)
					continue;
				// By what is the smaller part of their size: names are wide, and a hundred around a switch would become a column.
				const [axis, by] = ox / (a.half + b.half) < oy / high ? ["x", (dx < 0 ? -ox : ox) / 2] : ["y", (dy < 0 ? -oy : oy) / 2];
				a[axis] += by;
				b[axis] -= by;
			}
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
	g.append(svg("title", {}, `${v.name}\n${v.label}${v.ip_address ? "\n" + v.ip_address : ""}`),
	    drawShape(v.family), svg("text", { y: 16, class: "name" }, v.short));
	g.addEventListener("click", () => choose(v));
	g.addEventListener("keydown", (ev) => {
		if (ev.key !== "Enter" && ev.key !== " ")
			return;
		ev.preventDefault();
		choose(v);
	});
	return g;
}

// Without the domain, where nobody else is then called so.
function shortNames(nodes) {
	const first = (v) => (v.family[1] !== "part" && /^[a-z][\w-]*\./i.test(v.name) ? v.name.split(".")[0] : v.name);
	const many = new Map();
	nodes.forEach((v) => many.set(first(v), (many.get(first(v)) || 0) + 1));
	for (const v of nodes) {
		const name = many.get(first(v)) === 1 ? first(v) : v.name;
		v.short = name.length > 22 ? name.slice(0, 21) + "…" : name;
	}
}

// {nodes, edges} of the instance, with the edges' ends found.
function prepareGraph(data) {
	const by = new Map();
	for (const v of data.nodes) {
		v.family = family(v.sys_class_name);
		v.name = v.name || v.label;
		by.set(v.sys_id, v);
	}
	shortNames(data.nodes);
	const edges = data.edges.map((e) => ({ a: by.get(e.parent), b: by.get(e.child), name: e["type.name"] || "", port: e.port }))
	    .filter((e) => e.a && e.b && e.a !== e.b);
	return { nodes: data.nodes, edges };
}

// Fades what is not beside V; NULL: nothing is chosen.
function mark(graph, v) {
	const near = new Set([v]);
	for (const e of graph.edges) {
		const its = e.a === v || e.b === v;
		if (its)
			near.add(e.a).add(e.b);
		e.drawn.classList.toggle("near", its);
		e.drawn.classList.toggle("faded", !!v && !its);
	}
	for (const o of graph.nodes) {
		o.drawn.classList.toggle("faded", !!v && !near.has(o));
		o.drawn.classList.toggle("chosen", o === v);
	}
}

// One node is reached by Tab, the others from there by the arrows.
function walk(nodes) {
	const go = (from, to) => {
		from.drawn.setAttribute("tabindex", -1);
		to.drawn.setAttribute("tabindex", 0);
		to.drawn.focus();
	};
	const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
	nodes.forEach((v, i) => {
		v.drawn.setAttribute("tabindex", i === 0 ? 0 : -1);
		v.drawn.addEventListener("keydown", (ev) => {
			const way = ways[ev.key];
			if (!way)
				return;
			ev.preventDefault();
			let best = null, least = Infinity;
			for (const o of nodes) {
				const dx = o.x - v.x, dy = o.y - v.y, along = dx * way[0] + dy * way[1], aside = Math.abs(dx * way[1] + dy * way[0]);
				if (along > 0 && along + 2 * aside < least)
					[best, least] = [o, along + 2 * aside];
			}
			if (best)
				go(v, best);
		});
	});
}

// Draws into BOX; CHOOSE is called with a node, or with null. Answers with what can be done.
function drawGraph(box, graph, choose) {
	const picture = svg("svg", { class: "graph", role: "group",
	    "aria-label": `${graph.nodes.length} CIs and ${graph.edges.length} relations; the arrows lead from one CI to the next` });
	box.append(picture);	// to be measured it must be there
	const w = picture.clientWidth || 900, h = picture.clientHeight || 600;
	const large = Math.max(1, Math.sqrt(graph.nodes.length * 5500 / (w * h))), u = Math.min(1.5, large);
	layout(graph.nodes, graph.edges);
	fit(graph.nodes, w * large - 130, h * large - 90);
	spread(graph.nodes, u);
	picture.style.setProperty("--u", u.toFixed(2));
	picture.classList.toggle("quiet", graph.edges.length > 12);
	const ys = graph.nodes.map((v) => v.y);
	const view = { x: Math.min(...graph.nodes.map((v) => v.x - v.half)) - 12, y: Math.min(...ys) - 30 };
	view.w = Math.max(...graph.nodes.map((v) => v.x + v.half)) + 12 - view.x;
	view.h = Math.max(...ys) + 45 - view.y;
	const whole = { ...view };
	const show = () => picture.setAttribute("viewBox", `${view.x} ${view.y} ${view.w} ${view.h}`);
	const pick = (v) => { mark(graph, v); choose(v); };
	for (const e of graph.edges)
		picture.append(e.drawn = drawEdge(e));
	for (const v of graph.nodes)
		picture.append(v.drawn = drawNode(v, pick));
	walk(graph.nodes);
	picture.addEventListener("keydown", (ev) => { if (ev.key === "Escape") pick(null); });
	// FX, FY: which point stays where it is, as parts of the picture.
	const zoom = (by, fx = 0.5, fy = 0.5) => {
		view.x += view.w * (1 - by) * fx; view.y += view.h * (1 - by) * fy;
		view.w *= by; view.h *= by;
		show();
	};
	hands(picture, view, show, zoom);
	show();
	return { pick, zoom, reset: () => { Object.assign(view, whole); pick(null); show(); } };
}

// A finger or the mouse moves the picture, two fingers or the wheel make it larger.
function hands(picture, view, show, zoom) {
	const down = new Map();
	let moved = 0;		// a click at the end of a move is none
	const part = (x, y) => {
		const r = picture.getBoundingClientRect();
		return [(x - r.left) / r.width, (y - r.top) / r.height];
	};
	const wide = (p) => Math.hypot(p[0][0] - p[1][0], p[0][1] - p[1][1]) || 1;
	picture.addEventListener("pointerdown", (ev) => {
		if (down.size === 0)
			moved = 0;
		down.set(ev.pointerId, [ev.clientX, ev.clientY]);
	});
	picture.addEventListener("pointermove", (ev) => {
		const last = down.get(ev.pointerId), at = [ev.clientX, ev.clientY], was = [...down.values()];
		if (!last)
			return;
		down.set(ev.pointerId, at);
		moved += Math.hypot(at[0] - last[0], at[1] - last[1]);
		const is = [...down.values()];
		if (is.length === 2) {
			zoom(wide(was) / wide(is), ...part((is[0][0] + is[1][0]) / 2, (is[0][1] + is[1][1]) / 2));
			return;
		}
		const scale = Math.max(view.w / picture.clientWidth, view.h / picture.clientHeight);
		view.x -= (at[0] - last[0]) * scale;
		view.y -= (at[1] - last[1]) * scale;
		show();
	});
	for (const end of ["pointerup", "pointerleave", "pointercancel"])
		picture.addEventListener(end, (ev) => { down.delete(ev.pointerId); });
	picture.addEventListener("click", (ev) => { if (moved > 6) ev.stopPropagation(); }, true);
	picture.addEventListener("wheel", (ev) => {
		ev.preventDefault();
		zoom(ev.deltaY > 0 ? 1.1 : 0.9, ...part(ev.clientX, ev.clientY));
	}, { passive: false });
}
