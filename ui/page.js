() => {
  const $ = (selector, within = document) => within.querySelector(selector);
  const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];
  const body = document.body;

  // -- telling the server: a hidden field takes JSON, as if it had been typed

  // While an answer comes nothing else is asked, and nothing deleted: it is stopped first.
  const stopper = () => $("#jb-box .stop-button");
  function held(channel, value) {
    const stop = (channel === "ask" || value.do === "delete") && stopper();
    if (stop) stop.focus();
    return Boolean(stop);
  }

  function send(channel, value) {
    const field = $(`#jb-on-${channel} textarea, #jb-on-${channel} input`);
    if (!field) return;
    field.value = JSON.stringify({ ...value, at: Date.now() });
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  const told = (element) => JSON.parse(element.dataset.value || "{}");

  // -- which part is seen: chat, cards or article; wide pages show chat beside one of the others

  // It is kept on the room: Gradio's own styles reach no further up.
  const state = { view: "chat", panel: "", drawn: false, folded: false };
  function keep(change) {
    Object.assign(state, change);
    const room = $("#jb-room");
    if (!room) return;
    room.dataset.view = state.view;
    room.dataset.panel = state.panel;
    room.toggleAttribute("data-drawn", state.drawn);
    room.toggleAttribute("data-folded", state.folded);
    $("[data-drawer]")?.setAttribute("aria-expanded", overlaid() ? state.drawn : !state.folded);
    for (const tab of $$(".jb-tab")) tab.setAttribute("aria-pressed", tab.dataset.view === state.view);
    for (const each of $$(".jb-more")) each.setAttribute("aria-expanded", each.dataset.panel === state.panel);
  }
  const view = (name) => keep({ view: name });
  const overlaid = () => matchMedia("(max-width: 1199px)").matches;
  const tabbed = () => matchMedia("(max-width: 799px)").matches;
  view(new URLSearchParams(location.search).has("article") ? "article" : "chat");

  function drawer(open) {
    keep({ drawn: open });
    if (open) setTimeout(() => $("#jb-search textarea, #jb-search input")?.focus(), 50);
  }

  // -- evidence: the cards of the answer in view

  let shown = 0;
  function evidenceOf(turn) {
    const sections = $$("#jb-cards [data-turn]");
    const wanted = sections.filter((each) => Number(each.dataset.turn) <= turn).pop() || sections[0];
    shown = turn;
    for (const each of sections) each.hidden = each !== wanted;
  }
  function lastTurn() {
    return Number($$("#jb-log .jb-turn").pop()?.dataset.turn || 0);
  }

  function goTo(id) {
    const target = document.getElementById(id);
    if (!target) return;
    const section = target.closest("#jb-cards [data-turn]");
    if (section) {
      evidenceOf(Number(section.dataset.turn));
      view("cards");
    } else if (tabbed()) view("chat");
    target.scrollIntoView({ block: section ? "start" : "center" });
    target.focus({ preventScroll: true });
  }

  // -- the article: opened by link, so that the address can be kept and the way back works

  function openArticle(href, push = true) {
    const query = new URLSearchParams(href.split("?")[1] || "");
    if (push) history.pushState(null, "", href);
    $("#jb-article")?.setAttribute("data-due", "");
    view("article");
    send("open", { article: query.get("article"), from: query.get("from"), to: query.get("to"), in: query.get("in") });
  }
  function leaveArticle(push = true) {
    if (push && location.search) history.pushState(null, "", location.pathname);
    view("cards");
    const card = $$("#jb-cards section:not([hidden]) .jb-card").find((each) => each.id === lastCard);
    (card || $("#jb-cards section:not([hidden]) .jb-card"))?.focus({ preventScroll: true });
  }
  let lastCard = "";
  addEventListener("popstate", () => {
    if (new URLSearchParams(location.search).has("article")) openArticle(location.href, false);
    else leaveArticle(false);
  });

  // In a long paragraph the quote and its counterpart drift apart: level them.
  function level() {
    const quoted = ["zh-Hans", "en"].map((side) => $(`#jb-article .jb-row [lang="${side}"] .jb-s:has(mark)`));
    if ($("#jb-article .jb-gap") || !quoted[0] || !quoted[1]) return;
    const [left, right] = quoted.map((each) => each.closest(".jb-side").getBoundingClientRect());
    if (Math.abs(left.top - right.top) > 1) return;
    const top = (each) => each.getClientRects()[0]?.top || 0;
    if (Math.abs(top(quoted[0]) - top(quoted[1])) < 60) return;
    const gaps = quoted.map((each) => {
      const gap = Object.assign(document.createElement("span"), { className: "jb-gap" });
      each.before(gap);
      return gap;
    });
    const drift = top(quoted[0]) - top(quoted[1]);
    gaps[drift > 0 ? 1 : 0].style.height = `${Math.abs(drift)}px`;
  }

  function light(pair, on) {
    for (const each of $$(`#jb-article [data-pair="${pair}"]`)) each.classList.toggle("jb-lit", on);
  }
  for (const [name, on] of [["mouseover", true], ["mouseout", false], ["focusin", true], ["focusout", false]])
    document.addEventListener(name, (event) => {
      const sentence = event.target.closest?.("[data-pair]");
      if (sentence) light(sentence.dataset.pair, on);
    });

  // -- clicks

  async function copy(button, text) {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = body.appendChild(Object.assign(document.createElement("textarea"), { value: text }));
      area.select();
      document.execCommand("copy");
      area.remove();
      button.focus();
    }
    const said = $(".jb-top")?.dataset.language === "zh" ? "已复制" : "Copied";
    const before = button.textContent;
    if (before === said) return;
    button.textContent = said;
    setTimeout(() => (button.textContent = before), 1500);
  }

  function act(target, event) {
    const mark = target.closest("a.jb-mark");
    if (mark) return event.preventDefault(), goTo(mark.getAttribute("href").slice(1));
    const link = target.closest("a[data-open]");
    if (link) {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      lastCard = link.closest(".jb-card")?.id || lastCard;
      return openArticle(link.getAttribute("href"));
    }
    const control = target.closest("button, [role=button]");
    if (!control || !control.closest("gradio-app, .gradio-container")) return;
    const data = control.dataset;
    if (data.send) {
      if (data.send === "language") localStorage.setItem("jb-language", told(control).language);
      if (data.send === "talk") view("chat"), drawer(false), overlaid() || $("#jb-box textarea")?.focus();
      if (data.send === "ask") view("chat");
      if (!held(data.send, told(control))) send(data.send, told(control));
    } else if ("copy" in data) copy(control, data.copy);
    else if ("copyLink" in data) copy(control, location.origin + location.pathname + data.copyLink);
    else if ("back" in data) leaveArticle();
    else if ("view" in data) view(data.view);
    else if ("evidence" in data) evidenceOf(Number(data.evidence)), leaveArticle();
    else if ("drawer" in data) overlaid() ? drawer(!state.drawn) : keep({ folded: !state.folded });
    else if ("theme" in data) {
      localStorage.setItem("jb-theme", body.classList.toggle("dark") ? "dark" : "light");
    } else if ("panel" in data) panel(data.panel, control);
    else if ("show" in data) {
      const list = document.getElementById(data.show);
      const open = list.hidden;
      for (const other of $$(".jb-year", list.parentElement)) other.hidden = true;
      for (const bar of $$("[data-show]", list.parentElement)) bar.setAttribute("aria-expanded", bar === control && open);
      list.hidden = !open;
    }
  }
  document.addEventListener("click", (event) => {
    // One menu at a time: a click elsewhere closes the others.
    for (const menu of $$("details[name=jb-menu][open]")) if (!menu.contains(event.target)) menu.open = false;
    if (state.drawn && !event.target.closest("#jb-talks, [data-drawer]")) drawer(false);
    act(event.target, event);
  });

  function panel(id, control) {
    const open = state.panel !== id;
    keep({ panel: open ? id : "" });
    if (open) $(`#${id} input, #${id} textarea`)?.focus();
    else control?.focus();
  }

  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-send]");
    if (!form) return;
    event.preventDefault();
    if (form.dataset.send === "ask") view("chat");
    if (held(form.dataset.send, told(form))) return; // open as it is, with what was written
    send(form.dataset.send, { ...told(form), ...Object.fromEntries(new FormData(form)) });
    const menu = form.closest("details");
    if (menu) menu.open = false;
  });

  // -- keys

  const typing = (element) => element.closest?.("input, textarea, select, [contenteditable]");
  function stepIn(list, from, by) {
    const next = list[list.indexOf(from) + by];
    if (!next) return;
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  }
  document.addEventListener("keydown", (event) => {
    const { key, target } = event;
    if (event.isComposing) return;
    if (key === "Escape") return escapeKey(target);
    if (key === "Enter" && !event.shiftKey && target.closest?.("#jb-box") && target !== stopper() && stopper())
      return event.preventDefault(); // the text stays until it can be asked
    if (typing(target) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (key === "/") {
      event.preventDefault();
      view("chat");
      return $("#jb-box textarea")?.focus();
    }
    if ((key === "Enter" || key === " ") && target.getAttribute?.("role") === "button" && target.tagName !== "BUTTON") {
      event.preventDefault();
      return act(target, event);
    }
    const card = target.matches?.(".jb-card") && target;
    if (key === "Enter" && card) return $(".jb-open", card)?.click();
    const by = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[key];
    if (!by) return;
    const sentence = target.closest?.("#jb-article .jb-s");
    if (card) stepIn($$(".jb-card", card.parentElement), card, by), event.preventDefault();
    else if (sentence) {
      const side = sentence.closest("[lang]").lang;
      stepIn($$(`#jb-article [lang="${side}"] .jb-s`), sentence, by);
      event.preventDefault();
    }
  });
  function escapeKey(target) {
    const stop = stopper();
    const menu = $("details[name=jb-menu][open]");
    if (menu) {
      menu.open = false;
      $("summary", menu).focus();
    } else if (state.drawn) drawer(false), $("[data-drawer]")?.focus();
    else if (stop) stop.click();
    else if (state.panel) panel(state.panel, $(`.jb-more[data-panel="${state.panel}"]`));
    else if (state.view === "article") leaveArticle();
    else target.blur?.();
  }

  // -- what comes from the server: keep the place, the focus and the conversation's name

  let focused = null;
  const nameOf = (element) => element.id || (element.dataset?.send && element.dataset.send + element.dataset.value);
  document.addEventListener("focusin", (event) => (focused = nameOf(event.target)));
  let turns = 0;
  let talk = null;
  function settle(changed) {
    const top = $(".jb-top");
    if (top) document.documentElement.lang = top.dataset.language === "zh" ? "zh-Hans" : "en";
    keep({});
    if (changed.cards || changed.log) {
      const last = lastTurn();
      if (last !== turns) evidenceOf(last);
      else if (changed.cards) evidenceOf(shown);
      if (last > turns) $(`#t${last}`)?.scrollIntoView({ block: "start" });
      turns = last;
    }
    const kept = $("#jb-log [data-talk]");
    if (kept && kept.dataset.talk !== talk) {
      talk = kept.dataset.talk;
      sessionStorage.setItem("jb-talk", talk);
    }
    if (changed.article) {
      const first = $("#jb-article .jb-s");
      if (first) first.tabIndex = 0;
      const mark = $("#jb-article mark");
      level();
      if (mark) {
        const sentence = mark.closest(".jb-s");
        if (sentence && first) (first.tabIndex = -1), (sentence.tabIndex = 0);
        mark.scrollIntoView({ block: "center" });
      } else $("#jb-article")?.scrollTo(0, 0);
      if ($("#jb-article[data-due]")) {
        $("#jb-article").removeAttribute("data-due");
        $("#jb-article [data-back]")?.focus({ preventScroll: true });
      }
    }
    if (focused && document.activeElement === body) {
      const again = $$("[id], [data-send]").find((each) => nameOf(each) === focused);
      again?.focus({ preventScroll: true });
    }
  }
  let due = null;
  new MutationObserver((records) => {
    // What is rendered, and not the signs of waiting that Gradio draws beside it.
    const places = records.map(({ target }) => (target.closest ? target : target.parentElement));
    const within = (id) => places.some((place) => place?.closest(`${id} .prose`));
    const changed = { log: within("#jb-log"), cards: within("#jb-cards"), article: within("#jb-article"), head: within("#jb-head"), talks: within("#jb-talks") };
    if (!Object.values(changed).some(Boolean)) return;
    due = { ...due, ...Object.fromEntries(Object.entries(changed).filter(([, on]) => on)) };
    queueMicrotask(() => {
      if (due) settle(due);
      due = null;
    });
  }).observe(body, {
    childList: true,
    subtree: true,
    characterData: true, // Gradio changes in place what it can
    attributeFilter: ["data-language", "data-talk"],
  });

  // The answer in the middle of the chat is the one whose evidence is shown.
  document.addEventListener(
    "scroll",
    (event) => {
      if (event.target.id !== "jb-log" && !event.target.querySelector?.("#jb-log")) return;
      const middle = innerHeight / 2;
      const turn = $$("#jb-log .jb-turn").find((each) => {
        const box = each.getBoundingClientRect();
        return box.top <= middle && box.bottom >= middle;
      });
      if (turn && Number(turn.dataset.turn) !== shown) evidenceOf(Number(turn.dataset.turn));
    },
    { capture: true, passive: true },
  );

  const theme = localStorage.getItem("jb-theme");
  if (theme) body.classList.toggle("dark", theme === "dark");
}
