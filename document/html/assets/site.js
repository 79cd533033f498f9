// The search of the site, and small help for keyboards. All else works without it.
"use strict";
(() => {
  const form = document.querySelector("form.search");
  const input = form.querySelector("input");
  const box = form.querySelector(".results");
  const status = box.querySelector("p");
  const list = box.querySelector("ul");
  const shown = 40;
  const here = document.currentScript.src;
  let documents = null;
  let entries = [];
  let timer = 0;
  let sizing = 0;

  // The data is a script that calls this function: pages opened as files cannot fetch.
  window.theriacSearch = (data) => {
    documents = data.documents;
    documents.forEach(([title, file]) => entries.push({ title, where: "", file, label: "", words: title.toLowerCase(), whole: 1 }));
    data.sections.forEach(([d, anchor, title, label]) => {
      const key = label.toLowerCase();
      entries.push({ title, where: documents[d][0], file: documents[d][1] + "#" + anchor, label, id: key, words: key + " " + title.toLowerCase(), whole: 0 });
    });
    search();
  };

  const load = () => {
    if (documents) return;
    documents = [];
    const script = document.createElement("script");
    script.src = new URL("search.js", here);
    document.head.append(script);
  };

  // rank says how well an entry fits, from 0; -1 where a term is missing.
  const rank = (entry, terms) => {
    let worst = 0;
    for (const term of terms) {
      const at = entry.words.indexOf(term);
      if (at < 0) return -1;
      const starts = at === 0 || !/[\p{L}\p{N}]/u.test(entry.words[at - 1]);
      worst = Math.max(worst, entry.id === term ? 0 : starts ? 1 : 2);
    }
    return worst * 2 + (entry.whole ? 0 : 1);
  };

  const search = () => {
    const terms = input.value.toLowerCase().split(/\s+/).filter(Boolean).slice(0, 12);
    list.replaceChildren();
    box.hidden = terms.length === 0;
    if (terms.length === 0) { status.textContent = ""; return; }
    const ranks = [[], [], [], [], [], []];
    let count = 0;
    for (const entry of entries) {
      const r = rank(entry, terms);
      if (r < 0) continue;
      count++;
      if (ranks[r].length < shown) ranks[r].push(entry);
    }
    ranks.flat().slice(0, shown).forEach((entry) => list.append(item(entry)));
    const said = count === 0 ? form.dataset.none : count > shown ? form.dataset.many : form.dataset.some;
    const numbers = [count, shown];
    status.textContent = said.replace(/%d/g, () => numbers.shift());
  };

  const item = (entry) => {
    const li = document.createElement("li");
    const a = document.createElement("a");
    a.href = form.dataset.base + entry.file;
    if (entry.label) {
      const code = document.createElement("code");
      code.textContent = entry.label;
      a.append(code, " ");
    }
    a.append(entry.title);
    if (entry.where) {
      const small = document.createElement("small");
      small.textContent = entry.where;
      a.append(small);
    }
    a.addEventListener("click", close);
    li.append(a);
    return li;
  };

  const close = () => { box.hidden = true; };

  form.hidden = false;
  input.addEventListener("focus", load);
  input.addEventListener("input", () => { load(); clearTimeout(timer); timer = setTimeout(search, 60); });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    list.querySelector("a")?.click();
  });
  form.addEventListener("keydown", (event) => {
    const links = [...list.querySelectorAll("a")];
    const at = links.indexOf(document.activeElement);
    if (event.key === "Escape") {
      close();
      input.focus();
      input.select();
    } else if (event.key === "ArrowDown" && links.length) {
      event.preventDefault();
      box.hidden = false;
      links[Math.min(at + 1, links.length - 1)].focus();
    } else if (event.key === "ArrowUp" && at >= 0) {
      event.preventDefault();
      (at === 0 ? input : links[at - 1]).focus();
    }
  });
  document.addEventListener("click", (event) => { if (!form.contains(event.target)) close(); });
  form.addEventListener("focusout", (event) => { if (event.relatedTarget && !form.contains(event.relatedTarget)) close(); });
  document.addEventListener("keydown", (event) => {
    const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement?.tagName ?? "");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      input.focus();
    }
  });

  // What a mark shows goes away with Escape, and comes back when it is left.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    document.querySelectorAll(".src:hover, .src:focus-within").forEach((mark) => {
      mark.classList.add("closed");
      for (const left of ["mouseleave", "focusout"]) mark.addEventListener(left, () => mark.classList.remove("closed"), { once: true });
    });
  });

  // A region that fits needs no stop on the way through the page.
  const regions = [...document.querySelectorAll(".scroll")];
  const fit = () => {
    const wide = regions.map((region) => region.scrollWidth > region.clientWidth);
    regions.forEach((region, i) => wide[i] ? region.setAttribute("tabindex", "0") : region.removeAttribute("tabindex"));
  };
  fit();
  window.addEventListener("resize", () => { clearTimeout(sizing); sizing = setTimeout(fit, 150); });

  // The contents are closed once a section is chosen from them, on narrow screens.
  const nav = document.getElementById("_nav");
  nav?.addEventListener("click", (event) => {
    if (event.target.closest("a[href^='#']") && nav.matches(":popover-open")) nav.hidePopover();
  });
})();
