"use strict";
/* Everything that comes from sources goes through textContent; the one piece of HTML in the data are
 * the pages of the rules, which are part of irqlint. */
(function () {
    const data = JSON.parse(document.getElementById("data").textContent);
    const rules = new Map(data.rules.map((rule) => [rule.id, rule]));
    const MAX_ROWS = 300;

    function make(name, attributes, ...children) {
        const node = document.createElement(name);
        for (const [key, value] of Object.entries(attributes || {})) {
            if (key === "class") node.className = value;
            else if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
            else node.setAttribute(key, value);
        }
        node.append(...children.filter((child) => child !== null && child !== undefined));
        return node;
    }

    function drawn(name, attributes, text) {
        const node = document.createElementNS("http://www.w3.org/2000/svg", name);
        for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
        if (text !== undefined) node.textContent = text;
        return node;
    }

    const byId = (id) => document.getElementById(id);
    const plural = (count, word) => `${count.toLocaleString("en")} ${word}${count === 1 ? "" : "s"}`;
    const level = (irql) => make("span", { class: `level ${irql}` }, irql);
    const place = (file, line) => (line === 0 ? file : `${file}:${line}`);
    const shorten = (text, length) => (text.length > length ? text.slice(0, length - 1) + "…" : text);

    /* ---- overview ------------------------------------------------------------------------- */

    function number(value, caption) {
        return make("div", { class: "number" }, make("b", {}, String(value)), make("span", {}, caption));
    }

    function showNumbers() {
        const open = data.findings.filter((finding) => finding.state === "open");
        const certain = open.filter((finding) => finding.certainty === "certain").length;
        const failed = data.files.filter((file) => file.status === "failed").length;
        const partial = data.files.filter((file) => file.status === "partial").length;
        const box = byId("numbers");
        box.append(number(open.length, open.length === 1 ? "finding" : "findings"));
        box.append(number(certain, "certain"), number(open.length - certain, "possible"));
        if (data.findings.length > open.length) {
            box.append(number(data.findings.length - open.length, "accepted or known"));
        }
        box.append(number(data.drivers.length, data.drivers.length === 1 ? "driver" : "drivers"));
        box.append(number(data.files.length.toLocaleString("en"), "files"));
        box.append(number(data.functions.length.toLocaleString("en"), "functions"));
        if (failed + partial > 0) box.append(number(failed + partial, "files not understood whole"));
        for (const problem of data.problems) byId("problems").append(make("li", {}, problem));
        byId("problems").hidden = data.problems.length === 0;
    }

    function table(headings, rows) {
        const head = make("tr", {}, ...headings.map((text) =>
            make("th", { scope: "col", class: /^(findings|files|functions)$/.test(text) ? "count" : "" }, text)));
        return make("div", { class: "scroll" },
            make("table", {}, make("thead", {}, head), make("tbody", {}, ...rows)));
    }

    function cell(content, name) {
        return make("td", name ? { class: name } : {}, ...(Array.isArray(content) ? content : [content]));
    }

    function chosen(name, value, text) {
        return make("a", { href: "#findings", onclick: () => {
            byId("by-driver").value = "";
            byId("by-rule").value = "";
            byId(name).value = value;
            showFindings();
            openTab("findings");
        } }, text);
    }

    function showOverview() {
        const perDriver = new Map(data.drivers.map((name) => [name, { open: 0, files: 0, functions: 0 }]));
        const perRule = new Map();
        for (const finding of data.findings) {
            if (finding.state !== "open") continue;
            if (perDriver.has(finding.driver)) perDriver.get(finding.driver).open++;
            perRule.set(finding.rule, (perRule.get(finding.rule) || 0) + 1);
        }
        for (const file of data.files) if (perDriver.has(file.driver)) perDriver.get(file.driver).files++;
        for (const one of data.functions) if (perDriver.has(one[3])) perDriver.get(one[3]).functions++;
        const ruleRows = [...perRule].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([id, count]) =>
            make("tr", {}, cell(chosen("by-rule", id, id)),
                cell(rules.has(id) ? rules.get(id).title : ""), cell(String(count), "count")));
        const driverRows = [...perDriver].sort((a, b) => b[1].open - a[1].open || (a[0] < b[0] ? -1 : 1))
            .map(([name, sum]) => make("tr", {}, cell(sum.open > 0 ? chosen("by-driver", name, name) : name),
                cell(String(sum.open), "count"), cell(String(sum.files), "count"),
                cell(String(sum.functions), "count")));
        const box = byId("overview");
        if (ruleRows.length > 0) {
            box.append(make("h2", {}, "Findings by rule"), table(["rule", "what it finds", "findings"], ruleRows));
        }
        box.append(make("h2", {}, "Drivers"), table(["driver", "findings", "files", "functions"], driverRows));
    }

    /* ---- a finding ------------------------------------------------------------------------ */

    function excerpt(step) {
        const lines = step.lines.map((text, i) => make("span", { class: step.first + i === step.line ? "here" : "" },
            make("i", {}, String(step.first + i)), text));
        return lines.length === 0 ? null : make("pre", { class: "excerpt" }, ...lines);
    }

    function stepItem(step, opened) {
        const source = excerpt(step);
        const item = make("li", {});
        const button = make("button", { class: "step", type: "button", "aria-expanded": String(opened),
            onclick: () => {
                if (source === null) return;
                source.hidden = !source.hidden;
                button.setAttribute("aria-expanded", String(!source.hidden));
                item.classList.toggle("at", !source.hidden);
            } },
            make("span", { class: "kind" }, step.kind), " ",
            make("span", { class: "mono" }, place(step.file, step.line)), make("br"),
            step.function === "" ? "" : make("b", {}, step.function), step.function === "" ? "" : ": ",
            step.message, " ", level(step.irql));
        item.append(button);
        if (source !== null) {
            source.hidden = !opened;
            item.append(source);
        }
        item.classList.toggle("at", opened);
        return item;
    }

    /* Who calls whom on the path: a box for each function, coloured by the level in it. */
    function picture(finding) {
        const boxes = [];
        for (const step of finding.steps) {
            const last = boxes[boxes.length - 1];
            const entered = step.kind === "root" && step.message.includes("runs at");
            if (entered) boxes.push({ name: finding.context, irql: step.irql, notes: [step.message] });
            else if (last && last.name === step.function) {
                last.notes.push(step.message);
                last.irql = step.irql;
            } else boxes.push({ name: step.function, irql: step.irql, notes: [step.message] });
        }
        const width = 340, gap = 26;
        let y = 4;
        const svg = drawn("svg", { role: "img", "aria-label": `call graph: ${boxes.map((box) => box.name).join(" → ")}` });
        boxes.forEach((box, i) => {
            const height = 26 + 15 * box.notes.length;
            if (i > 0) {
                svg.append(drawn("path", { d: `M ${width / 2} ${y - gap} V ${y - 5}` }));
                svg.append(drawn("path", { class: "arrow", d: `M ${width / 2 - 4} ${y - 7} h 8 l -4 7 z` }));
            }
            const group = drawn("g", { class: box.irql });
            group.append(drawn("rect", { x: 2, y, width: width - 4, height, rx: 6 }));
            group.append(drawn("text", { x: 12, y: y + 17 }, shorten(box.name, 32)));
            const irql = drawn("text", { x: width - 12, y: y + 17, "text-anchor": "end", class: "small" }, box.irql);
            group.append(irql);
            box.notes.forEach((note, k) =>
                group.append(drawn("text", { x: 12, y: y + 33 + 15 * k, class: "small" }, shorten(note, 58))));
            group.append(drawn("title", {}, `${box.name}: ${box.notes.join("; ")}`));
            svg.append(group);
            y += height + gap;
        });
        svg.setAttribute("viewBox", `0 0 ${width} ${y - gap + 4}`);
        return make("div", { class: "picture" }, svg);
    }

    function fillBody(body, finding) {
        const rule = rules.get(finding.rule);
        const last = finding.steps.length - 1;
        if (finding.reason !== "") body.append(make("p", { class: "assumption" }, `${finding.state}: ${finding.reason}`));
        if (finding.assumption !== "") {
            body.append(make("p", { class: "assumption" }, `Possible, because: ${finding.assumption}`));
        }
        body.append(make("div", { class: "columns" },
            make("ol", { class: "steps" }, ...finding.steps.map((step, i) => stepItem(step, i === last))),
            picture(finding)));
        if (rule) {
            const page = make("div", {});
            page.innerHTML = rule.page;
            body.append(make("p", { class: "hint" }, make("b", {}, "How to mend: "), rule.hint));
            body.append(make("details", { class: "page" }, make("summary", {}, `About ${rule.id}`), page));
        }
        body.append(make("p", { class: "quiet mono" }, `fingerprint ${finding.fingerprint}`));
    }

    function toggle(card, opened) {
        const body = card.querySelector(".body"), head = card.querySelector(".head");
        const show = opened === undefined ? body.hidden : opened;
        if (show && body.childElementCount === 0) fillBody(body, data.findings[card.dataset.index]);
        body.hidden = !show;
        head.setAttribute("aria-expanded", String(show));
    }

    function card(finding, index) {
        const node = make("article", { class: `finding ${finding.level}`, id: `f-${finding.fingerprint}`,
            "data-index": index });
        node.append(make("button", { class: "head", type: "button", "aria-expanded": "false",
            onclick: () => toggle(node) },
            make("span", { class: `tag ${finding.level}` }, finding.level), make("span", { class: "tag" }, finding.rule),
            make("span", { class: "tag" }, finding.certainty),
            finding.state === "open" ? "" : make("span", { class: "tag" }, finding.state),
            make("span", { class: "message" }, finding.message),
            make("span", { class: "place" }, `${place(finding.file, finding.line)} · ${finding.function} · ${finding.driver}`)));
        node.append(make("div", { class: "body", hidden: "" }));
        finding.words = [finding.message, finding.file, finding.function, finding.driver, finding.rule,
            finding.fingerprint, ...finding.steps.map((step) => step.function)].join(" ").toLowerCase();
        return node;
    }

    function showFindings() {
        const words = byId("find-finding").value.toLowerCase().split(/\s+/).filter((word) => word !== "");
        const driver = byId("by-driver").value, rule = byId("by-rule").value, sure = byId("by-certainty").value;
        let shown = 0;
        data.findings.forEach((finding, i) => {
            const fits = words.every((word) => finding.words.includes(word)) &&
                (driver === "" || finding.driver === driver) && (rule === "" || finding.rule === rule) &&
                (sure === "" || (sure === "other" ? finding.state !== "open"
                    : finding.state === "open" && finding.certainty === sure));
            cards[i].hidden = !fits;
            shown += fits;
        });
        byId("findings-shown").textContent = data.findings.length === 0 ? "No findings."
            : `${plural(shown, "finding")} of ${data.findings.length.toLocaleString("en")}`;
    }

    function fillChoice(id, values) {
        for (const value of values) byId(id).append(make("option", { value }, value));
    }

    /* ---- functions ------------------------------------------------------------------------ */

    function showFunctions() {
        const words = byId("find-function").value.toLowerCase().split(/\s+/).filter((word) => word !== "");
        const driver = byId("of-driver").value, context = byId("in-context").value, irql = byId("at-level").value;
        const rows = [];
        let count = 0;
        data.functions.forEach((one, i) => {
            const [name, file, line, of, segment, pairs] = one;
            if (driver !== "" && of !== driver) return;
            if (!words.every((word) => functionWords[i].includes(word))) return;
            if ((context !== "" || irql !== "") && !pairs.some((pair) =>
                (context === "" || pair[0] === context) && (irql === "" || pair[1] === irql))) return;
            if (++count > MAX_ROWS) return;
            const places = pairs.flatMap((pair, k) => [k === 0 ? "" : ", ", `${pair[0]} `, level(pair[1])]);
            rows.push(make("tr", {}, cell(make("code", {}, name)), cell(segment === "" ? "" : make("code", {}, segment)),
                cell(places.length === 0 ? make("span", { class: "quiet" }, "not reached") : places),
                cell([make("span", { class: "mono" }, place(file, line)), make("br"), make("span", { class: "quiet" }, of)])));
        });
        byId("functions-shown").textContent = plural(count, "function") +
            (count > MAX_ROWS ? `, the first ${MAX_ROWS} shown: narrow the search` : "");
        byId("function-table").replaceChildren(table(["function", "section", "where it can run", "defined"], rows));
    }

    /* ---- files ---------------------------------------------------------------------------- */

    function showFiles() {
        const rows = data.files.filter((file) => file.status !== "ok" || file.incomplete > 0).slice(0, MAX_ROWS).map((file) =>
            make("tr", {}, cell([make("span", { class: "mono" }, file.file), make("br"), make("span", { class: "quiet" }, file.driver)]),
                cell(file.status), cell(`${file.incomplete} of ${file.functions}`), cell(file.messages.slice(0, 5).join("\n"))));
        byId("files-shown").textContent = rows.length === 0
            ? "Every file was understood completely." : "Files that were not understood completely:";
        if (rows.length > 0) byId("file-table").append(table(["file", "status", "functions not understood", "why"], rows));
    }

    /* ---- tabs, keys ----------------------------------------------------------------------- */

    function openTab(name) {
        for (const section of document.querySelectorAll("section[data-tab]")) section.hidden = section.dataset.tab !== name;
        for (const button of document.querySelectorAll("nav button")) {
            button.setAttribute("aria-selected", String(button.dataset.tab === name));
        }
        if (name === "functions" && byId("function-table").childElementCount === 0) showFunctions();
    }

    function step(direction) {
        const heads = cards.filter((node) => !node.hidden).map((node) => node.querySelector(".head"));
        const at = heads.indexOf(document.activeElement);
        const next = heads[at < 0 ? 0 : at + direction];
        if (next) next.focus();
    }

    function onKey(event) {
        const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
        if (event.key === "Escape" && typing) {
            if (event.target.tagName === "INPUT") event.target.value = "";
            event.target.dispatchEvent(new Event("input"));
            event.target.blur();
        }
        if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
        if (event.key === "j") step(1);
        else if (event.key === "k") step(-1);
        else if (event.key === "/") {
            const field = document.querySelector("section[data-tab]:not([hidden]) input");
            if (field) {
                field.focus();
                event.preventDefault();
            }
        }
    }

    function followHash() {
        const target = cards.find((node) => `#${node.id}` === location.hash);
        if (!target) return;
        openTab("findings");
        target.hidden = false;
        toggle(target, true);
        target.scrollIntoView();
    }

    const cards = data.findings.map(card);
    const functionWords = data.functions.map((one) => `${one[0]} ${one[1]} ${one[3]}`.toLowerCase());
    showNumbers();
    showOverview();
    byId("list").append(...cards);
    fillChoice("by-driver", [...new Set(data.findings.map((finding) => finding.driver))].sort());
    fillChoice("by-rule", [...new Set(data.findings.map((finding) => finding.rule))].sort());
    fillChoice("of-driver", data.drivers);
    fillChoice("in-context", data.contexts);
    fillChoice("at-level", data.levels);
    for (const id of ["find-finding", "by-driver", "by-rule", "by-certainty"]) byId(id).addEventListener("input", showFindings);
    for (const id of ["find-function", "of-driver", "in-context", "at-level"]) byId(id).addEventListener("input", showFunctions);
    for (const button of document.querySelectorAll("nav button")) {
        button.addEventListener("click", () => openTab(button.dataset.tab));
    }
    showFindings();
    showFiles();
    openTab(data.findings.length > 0 ? "findings" : "overview");
    if (cards.length > 0) toggle(cards[0], true);
    document.addEventListener("keydown", onKey);
    window.addEventListener("hashchange", followHash);
    window.addEventListener("beforeprint", () => cards.forEach((node) => toggle(node, true)));
    followHash();
})();
